// How the page is shown to a class: what the address says of it, as the server reads it, and changes to that.

const READ = {
  present: (text) => text === "1",
  predict: (text) => (text ? text.split(",") : []),
  tour: (text) => text ?? "",
};

export class ClassroomState {
  constructor(line, address, graph) {
    Object.assign(this, { line, address, graph, current: {}, pending: 0 });
  }

  /** Takes over what the server says, unless the visitor has gone on already. */
  update({ classroom = {} }) {
    if (!this.pending && !this.line.isAhead) this.current = classroom;
  }

  /**
   * Changes a parameter (null: none): here at once, in the address when that says all that was set before. The walk
   * stays where it stands, though its step may have another number then.
   */
  async set(name, text, change = {}) {
    this.current = { ...this.current, [name]: READ[name](text) };
    this.pending += 1;
    await this.line.release();
    this.address.set(name, text);
    this.line.submit({ ...change, walked: this.graph.walked, released: true });
    this.pending -= 1;
  }
}
