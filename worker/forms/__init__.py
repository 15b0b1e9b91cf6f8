"""Every form in which the press writes one Bulgarian word of a term: inflection, derivation, other script.

Pure rules and short lists; it reads no model and no dictionary, so that a term needs neither. It is generous with
forms that are no words, for they match nothing, and strict with names.
"""

from worker.forms.build import forms_of
from worker.forms.initials import initials
from worker.forms.kinds import FormKind
from worker.forms.latin import cyrillic_variants, latin_of, latin_variants
from worker.forms.names import is_surname_like, paired_surname

__all__ = [
    "FormKind",
    "cyrillic_variants",
    "forms_of",
    "initials",
    "is_surname_like",
    "latin_of",
    "latin_variants",
    "paired_surname",
]
