"""Worker processes pass exceptions on, so each must survive pickling with its message."""

import pickle

import pytest

from worker import errors

EXAMPLES = [
    errors.ConfigError(("a.yaml:1: x: is missing", "b.yaml: cannot be read")),
    errors.FetchError("bta", errors.FetchReason.RATE_LIMITED, "status 429", 30.0),
    errors.PutOffError("bta", errors.Pause.HOST, 5.0, "bta.bg"),
    errors.ParseError("bta", "no entries"),
    errors.PageError("a1", "paywall", "само за абонати"),
    errors.AnalysisError("the models failed", "a1"),
    errors.StoreError("the database does not answer"),
    errors.BrokerError("the broker does not answer"),
    errors.DeliveryError("desk", errors.DeliveryReason.SERVER, "status 500", 2.0, maybe_accepted=True),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_error_survives_pickling(error):
    copy = pickle.loads(pickle.dumps(error))

    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))


def test_every_error_has_an_example():
    tree = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.ServiceError)}

    assert tree - {errors.ServiceError} == {type(error) for error in EXAMPLES}
