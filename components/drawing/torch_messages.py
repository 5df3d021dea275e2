"""What messages of torch's and of Python's about tensors mean: one table for every page that shows one."""

from collections.abc import Mapping
from typing import NamedTuple


class Meaning(NamedTuple):
    """What a message says in plain words, what has happened when it comes, and what to do."""

    says: str
    means: str
    cure: str


MEANINGS: Mapping[str, Meaning] = {
    "does not require grad and does not have a grad_fn": Meaning(
        "The tensor that backward() begins at has no history.",
        "No tensor it was made from requires grad, or a step on the way (detach(), no_grad(), item(), argmax, a "
        "comparison) ended the graph. The line to change lies before this one.",
        "Set requires_grad=True where the parameter is made, and keep every step up to the loss tracked.",
    ),
    "grad can be implicitly created only for scalar outputs": Meaning(
        "backward() begins with the gradient 1 by itself only at a single number.",
        "This tensor has several entries, and each would need a weight.",
        "Reduce it with sum() or mean(), or say the weights: backward(gradient=v).",
    ),
    "backward through the graph a second time": Meaning(
        "A part of this graph has been walked back before.",
        "The first pass freed what the graph had saved. Often a loop uses a tensor again that an earlier round made.",
        "Compute the loss anew for each pass, detach what is carried over to the next round, or give the first pass "
        "retain_graph=True.",
    ),
    "modified by an inplace operation": Meaning(
        "A number that a derivative needs is not the one that was saved.",
        "Something wrote into a tensor between the forward and the backward pass: an operation that ends in _, +=, "
        "an assignment to entries, or an optimizer’s step(). torch counts such writes as versions.",
        "Write y = y + 1 in the place of y += 1, or call backward() before step().",
    ),
    "a view of a leaf Variable that requires grad is being used in an in-place operation": Meaning(
        "Entries of a parameter would be changed in place, with tracking on.",
        "A view, such as w[0], shares its numbers with the parameter, whose own value has no earlier history.",
        "Write inside with torch.no_grad():, or make a new tensor, as torch.where and torch.cat do.",
    ),
    "a leaf Variable that requires grad is being used in an in-place operation": Meaning(
        "A parameter would be changed in place, with tracking on.",
        "The gradient belongs to the parameter’s own value; a tracked write into it would make it a result.",
        "Update it inside with torch.no_grad():, or let an optimizer do it.",
    ),
    "is a view and is being modified inplace": Meaning(
        "One of several views of a tensor would be changed in place.",
        "unbind(), split() and chunk() give views that share one history, which a write into one would break.",
        "Make a new tensor from each: v = v + 1, and put them together with torch.stack.",
    ),
    "Inference tensors cannot be saved for backward": Meaning(
        "A tensor made in inference mode is used in a step that is tracked.",
        "inference_mode() leaves out for good what autograd needs, also after its block has ended.",
        "Use torch.no_grad() in its place, or go on with a clone() made outside the block.",
    ),
    "support the deepcopy protocol": Meaning(
        "A tensor that has a history cannot be copied with deepcopy.",
        "Only leaves can: nobody could say to which graph the copy of a result belongs.",
        "Copy its value, x.detach().clone(), or copy the model before anything is computed with it.",
    ),
    "can't optimize a non-leaf Tensor": Meaning(
        "The optimizer was given a result, not a parameter.",
        "The tensor was computed from another one (a product, .to(), a cast), so step() would change a mere result.",
        "Give it the leaf itself: make the tensor whole first, then call requires_grad_().",
    ),
    "optimizer got an empty parameter list": Meaning(
        "The optimizer has nothing to change.",
        "Layers in a plain Python list are not registered, and an iterator is empty the second time.",
        "Keep layers in nn.ModuleList, parameters in nn.ParameterList, or pass list(model.parameters()).",
    ),
    "appears to not have been used in the graph": Meaning(
        "One of the tensors asked about has no way to the result.",
        "The result was made without it, or from another tensor that bears its name now.",
        "Use that very tensor on the way to the result, or say allow_unused=True and get None.",
    ),
    "One of the differentiated Tensors does not require grad": Meaning(
        "A gradient is asked for with respect to a tensor that is not tracked.",
        "It was made without requires_grad=True, or detached.",
        "Set requires_grad=True on it before the result is computed.",
    ),
    "Mismatch in shape: grad_output": Meaning(
        "The gradient to begin with has another shape than the tensor.",
        "backward(gradient=v) needs one weight for each entry of the result.",
        "Give it torch.ones_like(result), or another tensor of that shape.",
    ),
    "shapes cannot be multiplied": Meaning(
        "Two matrices do not fit: columns of the first are not rows of the second.",
        "Often a layer’s in_features is not the length of the last dimension, or one of them lacks a .T.",
        "Print both shapes before this line; (n, k) @ (k, m) needs the same k.",
    ),
    "must match the size of tensor b": Meaning(
        "Two shapes cannot be stretched to fit each other.",
        "From the right, two sizes must be equal, or one of them 1.",
        "Add the dimension that is missing with unsqueeze(), or reshape one of them.",
    ),
    "is invalid for input of size": Meaning(
        "The new shape has another number of entries.",
        "view() and reshape() keep every entry; the sizes must multiply to the same count.",
        "Use −1 for the one size that is to be worked out, and keep the batch’s dimension.",
    ),
    "expected scalar type": Meaning(
        "Two tensors have different types of numbers.",
        "An operation needs one type for all; numbers from NumPy are float64, torch’s own are float32.",
        "Bring one to the other’s: x.float(), or x.to(w.dtype).",
    ),
    "have the same dtype": Meaning(
        "Two tensors have different types of numbers.",
        "A matrix product needs one type for both; whole numbers and float64 do not fit a layer’s float32.",
        "Bring one to the other’s: x.float(), or x.to(w.dtype).",
    ),
    "Found dtype": Meaning(
        "Prediction and target have different types of numbers.",
        "A target from whole numbers or from NumPy is int64 or float64; the prediction is float32.",
        "Bring the target to the prediction’s type: y.float(), or y.to(pred.dtype).",
    ),
    "expected target dtype to be Long": Meaning(
        "This loss wants classes as whole numbers.",
        "The target has decimals, or a short type; a class is a position.",
        "Bring it to whole numbers: y.long().",
    ),
    "ensors of floating point": Meaning(
        "Only numbers with decimals can have a gradient.",
        "The tensor holds whole numbers or booleans, which cannot change by a little.",
        "Write 1.0 in the place of 1, or give dtype=torch.float32.",
    ),
    "Can't call numpy() on Tensor that requires grad": Meaning(
        "NumPy cannot take part in a graph.",
        "An array would lose the history; torch refuses where that would happen in silence.",
        "To print or plot, x.detach().numpy(); what leads to the loss stays in torch.",
    ),
    "Boolean value of Tensor with more than one value is ambiguous": Meaning(
        "if, and, or and while want one yes or no.",
        "A comparison of a tensor gives one for each entry.",
        "Say (x > 0).all() or .any(); to choose entry by entry, use torch.where.",
    ),
    "index out of range in self": Meaning(
        "An embedding has no row of this number.",
        "Its rows are counted from 0 to num_embeddings − 1, and one of the indices lies beyond.",
        "Make num_embeddings one more than the largest index, or look where that index comes from.",
    ),
    "is out of bounds": Meaning(
        "An index, or a class, lies beyond the end.",
        "Counting begins at 0, so that the last of n is n − 1; a loss has as many classes as the scores have columns.",
        "Check the largest index against the size of that dimension.",
    ),
    "Dimension out of range": Meaning(
        "The tensor has no dimension of this number.",
        "A vector has only dimension 0; a number has none.",
        "Print x.shape before this line, or count from the end: dim=-1.",
    ),
    "'NoneType' object has no attribute 'zero_'": Meaning(
        "There is no gradient to clear.",
        ".grad is None, not 0, until a backward pass has left something there.",
        "Clear it after backward() and the update, or write w.grad = None.",
    ),
    "and 'NoneType'": Meaning(
        "Something that is None is used as a number.",
        "Often it is .grad: no backward pass has reached this tensor, or the name stands for a new tensor by now.",
        "Look which name is None; update a parameter in place inside torch.no_grad().",
    ),
    "object has no attribute 'backward'": Meaning(
        "The loss is a plain number, not a tensor.",
        "item(), float() and Python’s own arithmetic on numbers give no history.",
        "Keep the tensor for backward(), and take item() only to print it.",
    ),
    "returned an incorrect number of gradients": Meaning(
        "The backward() of a Function gives another number of gradients than forward() has inputs.",
        "There must be one for each argument of forward() after ctx, in the same order.",
        "Return a gradient for each of them, and None for one that takes none.",
    ),
    "returned an invalid gradient": Meaning(
        "The backward() of a Function gives a gradient of another shape than its input has.",
        "A gradient has one entry for each entry of what it is a gradient of.",
        "Bring it to that shape, for instance by summing over what was broadcast.",
    ),
    "you can only change requires_grad flags of leaf variables": Meaning(
        "A result cannot be set not to require grad.",
        "Whether a result is tracked follows from what it was made from.",
        "Take x.detach() where the gradient is to stop.",
    ),
    "that is not a leaf Tensor is being accessed": Meaning(
        "The .grad of a result was read, which torch does not keep.",
        "backward() leaves gradients only in leaves: the tensors that were made with requires_grad=True.",
        "Call retain_grad() on the result before backward().",
    ),
    "Using a target size": Meaning(
        "Prediction and target have different shapes.",
        "They are stretched to fit: (3, 1) against (3,) compares nine pairs, not three.",
        "Bring both to one shape: pred.squeeze(1), or y.unsqueeze(1).",
    ),
    "Using backward() with create_graph=True will create a reference cycle": Meaning(
        "The gradients that this pass leaves have a graph of their own.",
        "Parameter and gradient then hold each other, and memory is freed late.",
        "Use torch.autograd.grad(..., create_graph=True), or set .grad to None afterwards.",
    ),
    "is not defined": Meaning(
        "Python knows no such name yet.",
        "The line that makes it has not run, or the name is written otherwise there.",
        "Make it above this line.",
    ),
}
"""By words that a message has in it; the first that fits counts."""


def meaning(message: str) -> Meaning | None:
    """What an error or a warning means; None for one that the table does not know."""
    return next((meaning for words, meaning in MEANINGS.items() if words in message), None)
