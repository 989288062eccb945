"""How much of anything a header may claim, whatever the file's length would allow."""

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Caps on a header; the largest real files known lie a factor of four or more below each.

    Attributes:
        pairs: metadata keys.
        key_bytes: length of a key; the format's own limit.
        text_bytes: length of one string value.
        element_bytes: length of one string in an array; tokenisers index with 32 bits.
        array_strings: strings in all arrays together; each has to be stepped over one by one.
        array_elements: elements of one array, llama.cpp's own limit.
        tensors: tensors of one file.
        tensor_name_bytes: llama.cpp's buffer for a name, less its end mark.
        dimensions: dimensions of a tensor, llama.cpp's own limit.
        alignment: largest alignment of tensor data.
        layers: llama.cpp's own limit, which older builds checked by aborting.
    """

    pairs: int = 16_384
    key_bytes: int = 65_535
    text_bytes: int = 64 * 1024 * 1024
    element_bytes: int = 1024 * 1024
    array_strings: int = 4 * 1024 * 1024
    array_elements: int = 2**30
    tensors: int = 65_536
    tensor_name_bytes: int = 63
    dimensions: int = 4
    alignment: int = 1024 * 1024
    layers: int = 512
