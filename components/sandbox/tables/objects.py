"""What values other than tensors have in the playground, by their type."""

from components.sandbox.tables.words import words

TEXT = words("""
    capitalize center count endswith find format index isalpha isdigit islower isspace istitle isupper join ljust lower
    lstrip partition replace rfind rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title upper
    zfill
""")
LIST = words("append clear copy count extend index insert pop remove reverse sort")
TUPLE = words("count index")
DICT = words("clear copy get items keys pop popitem setdefault update values")
SET = words("add clear copy difference discard intersection isdisjoint issubset issuperset pop remove union update")
INTEGER = words("bit_length numerator denominator real imag conjugate")
FLOAT = words("is_integer real imag conjugate")
COMPLEX = words("real imag conjugate")
SIZE = words("count index numel")
DTYPE = words("is_floating_point is_complex is_signed itemsize")
DEVICE = words("type index")
LIMITS = words("bits eps max min tiny smallest_normal resolution dtype")
GENERATOR = words("manual_seed initial_seed")
NODE = words("name next_functions")
RESULT = words(
    "values indices sign logabsdet Q R U S Vh V L LU P pivots eigenvalues eigenvectors solution residuals rank"
)
ARRAY = words("shape ndim size sum mean max min item tolist copy T reshape dtype")

MODULE = words("""
    parameters named_parameters children named_children modules named_modules buffers named_buffers state_dict
    load_state_dict train eval zero_grad requires_grad_ double float half to cpu apply add_module register_buffer
    register_parameter register_module get_parameter get_submodule append extend insert items keys values forward
    extra_repr
""")
"""Methods of every layer and model; `forward` may be called as it stands."""

MODULE_ATTRIBUTES = words("""
    training weight bias in_features out_features in_channels out_channels kernel_size stride padding num_features
    running_mean running_var num_batches_tracked eps momentum affine p negative_slope alpha embedding_dim num_embeddings
    normalized_shape hidden_size input_size num_layers reduction weight_ih_l0 weight_hh_l0 bias_ih_l0 bias_hh_l0
    weight_ih weight_hh bias_ih bias_hh in_proj_weight in_proj_bias out_proj linear1 linear2 self_attn norm1 norm2 dim
""")

OPTIMIZER = words("step zero_grad param_groups state state_dict load_state_dict add_param_group")
SCHEDULER = words("step get_last_lr state_dict last_epoch base_lrs")

CONTEXT = words("""
    save_for_backward saved_tensors mark_dirty mark_non_differentiable needs_input_grad set_materialize_grads
""")
"""What a Function's `ctx` has beside what the program puts there."""

SPECIAL_METHODS = words("__init__ __len__ __getitem__ __repr__")
"""Methods with underscores that a class may write."""

EXCEPTIONS = words("""
    Exception ArithmeticError AssertionError AttributeError IndexError KeyError LookupError NameError
    NotImplementedError OverflowError RecursionError RuntimeError StopIteration TypeError ValueError ZeroDivisionError
    FloatingPointError UserWarning Warning
""")
