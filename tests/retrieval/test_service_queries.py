"""A slow or missing embeddings service holds up one question briefly, and then nobody."""

import pytest

from bot.errors import EmbeddingServiceError
from bot.retrieval.encoder import COOL_DOWN_SECONDS, ServiceQueries


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


class Service:
    def __init__(self):
        self.asked, self.well = 0, False
        self.fingerprint, self.dimension = "served", 3

    def embed_query(self, text):
        self.asked += 1
        if not self.well:
            raise EmbeddingServiceError("向量服务用不了")
        return [1.0, 0.0, 0.0]

    def embed_passages(self, passages):
        return list(passages)


def test_a_service_that_failed_is_left_alone_for_a_while():
    service, clock = Service(), Clock()
    queries = ServiceQueries(service, clock)
    for _ in range(5):
        with pytest.raises(EmbeddingServiceError):
            queries.embed_query("贷款")
    assert service.asked == 1
    clock.now += COOL_DOWN_SECONDS - 0.1
    with pytest.raises(EmbeddingServiceError, match="暂时不再问它"):
        queries.embed_query("贷款")
    clock.now += 0.1
    service.well = True
    assert queries.embed_query("贷款") == [1.0, 0.0, 0.0] and service.asked == 2
    assert queries.embed_query("贷款") and service.asked == 3
    assert (queries.fingerprint, queries.dimension, queries.embed_passages([1])) == ("served", 3, [1])


def test_only_services_are_asked_that_way(corpus_settings):
    from bot.index.search_index import SearchIndex
    from bot.retrieval.encoder import query_encoder

    index = SearchIndex.open(corpus_settings.data_dir)
    found = query_encoder(index, corpus_settings.embedding)
    assert found is not None and not isinstance(found, ServiceQueries)
    index.close()
