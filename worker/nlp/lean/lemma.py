"""Words to dictionary forms: Stanza's lemmatizer, asked once for each word."""

from collections.abc import Sequence

import numpy as np
import torch
from stanza.models.common.seq2seq_constant import EOS, SOS
from stanza.models.common.vocab import DeltaVocab
from stanza.models.lemma.trainer import Trainer
from stanza.models.lemma.vocab import MultiVocab

from worker.nlp.lean.files import ModelFiles, need
from worker.nlp.lean.recurrent import Layout, batches

#: Words kept with their lemmas; full, the table is begun anew.
_CAPACITY = 60_000
_NONE = "_"

#: A word and its part of speech; none where the models give none.
Tagged = tuple[str, str | None]


class Lemmatizer:
    """The lemmatizer model of a directory."""

    def __init__(self, files: ModelFiles) -> None:
        """Raises OSError, RuntimeError, UnpicklingError or ValueError when the model cannot be loaded or run."""
        self._trainer = Trainer(model_file=files.model("lemma"), device="cpu")
        self._args = self._trainer.args
        need(
            "lemmatizer",
            no_language_model_of_characters=not self._args.get("charlm"),
            no_classifiers_of_context=not self._trainer.has_contextual_lemmatizers(),
        )
        if self._trainer.model is not None:
            self._trainer.model.eval()
        self._lemma_of: dict[Tagged, str] = {}

    def lemmas(self, words: Sequence[Tagged]) -> list[str]:
        """A lemma for each word in order; «_» where the model finds none."""
        known = self._lemma_of
        unseen = [word for word in dict.fromkeys(words) if word not in known]
        if len(known) + len(unseen) > _CAPACITY:
            known.clear()
            unseen = list(dict.fromkeys(words))
        if unseen:
            known.update(zip(unseen, self._found(unseen), strict=True))
        return [known[word] for word in words]

    def _found(self, words: Sequence[Tagged]) -> list[str]:
        trainer = self._trainer
        if self._args["dict_only"]:
            return [lemma or _NONE for lemma in trainer.predict_dict(words)]
        listed = trainer.skip_seq2seq(words) if self._args["ensemble_dict"] else [False] * len(words)
        guessed = iter(self._guessed([word for word, skip in zip(words, listed, strict=True) if not skip]))
        lemmas = ["" if skip else next(guessed) for skip in listed]
        if self._args["ensemble_dict"]:
            lemmas = trainer.ensemble(words, lemmas)
        return [lemma or _NONE for lemma in lemmas]

    @torch.inference_mode()
    def _guessed(self, words: Sequence[Tagged]) -> list[str]:
        """What the network makes of words that the dictionary lacks, letter by letter."""
        guesses = [""] * len(words)
        forms = [word.lower() if self._trainer.caseless else word for word, _ in words]
        for batch in batches([len(form) for form in forms]):
            spelt = self._spelt([words[n] for n in batch], [forms[n] for n in batch])
            for n, lemma in zip(batch, spelt, strict=True):
                guesses[n] = lemma
        return guesses

    def _spelt(self, words: Sequence[Tagged], forms: Sequence[str]) -> list[str]:
        trainer, vocab = self._trainer, self._trainer.vocab
        # Letters that the model never saw get numbers of their own, so that it can copy them.
        letters = DeltaVocab(forms, vocab["char"])
        sources = [np.asarray(letters.map([SOS, *form, EOS]), dtype=np.int64) for form in forms]
        layout = Layout.of([len(source) for source in sources])
        source = layout.filled(np.concatenate(sources)).T.contiguous()
        outside = torch.from_numpy(~layout.inside)
        parts = torch.tensor([vocab["pos"].unit2id(upos or _NONE) for _, upos in words])
        batch = (source, outside, None, None, parts, None, list(range(len(words))), forms)
        guesses, edits = trainer.predict(
            batch, self._args["beam_size"], MultiVocab({"char": letters, "pos": vocab["pos"]})
        )
        lemmas: list[str] = trainer.postprocess([word for word, _ in words], guesses, edits=edits)
        return lemmas
