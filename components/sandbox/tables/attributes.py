"""Every attribute and method that anything has in the playground."""

from components.sandbox.tables import objects, tensors

KNOWN = (
    tensors.ATTRIBUTES
    | tensors.METHODS
    | objects.TEXT
    | objects.LIST
    | objects.TUPLE
    | objects.DICT
    | objects.SET
    | objects.INTEGER
    | objects.FLOAT
    | objects.SIZE
    | objects.DTYPE
    | objects.DEVICE
    | objects.LIMITS
    | objects.GENERATOR
    | objects.NODE
    | objects.RESULT
    | objects.ARRAY
    | objects.MODULE
    | objects.MODULE_ATTRIBUTES
    | objects.OPTIMIZER
    | objects.SCHEDULER
    | objects.CONTEXT
)
"""What is not among these is refused before a program runs."""
