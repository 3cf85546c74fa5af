"""What other programs may send, bounded and described for the OpenAPI page."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, FailFast, Field, model_validator

#: Items one call may ask for, and earlier questions it may send along.
MOST_RESULTS, MOST_EARLIER = 100, 50
LONGEST_TEXT, LONGEST_LINE, LONGEST_ANSWER = 20_000, 300, 200_000
#: Messages of one chat; of a longer one the last earlier questions count.
MOST_MESSAGES = 4_000
#: Text of a bounded length; halves of characters, which no encoding takes, are refused with it.
Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
Line = Annotated[str, Field(max_length=LONGEST_LINE)]
#: Earlier questions, oldest first. What is wrong is told of the first one only: there may be very many.
Earlier = Annotated[tuple[Text, ...], Field(max_length=MOST_EARLIER), FailFast()]


class _Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AskRequest(_Request):
    """A question with the questions asked before it."""

    question: Text = Field(examples=["联合创新项目最高支持多少？"])
    history: Earlier = Field((), description="earlier questions, oldest first")
    id: Line | int | None = Field(None, description="echoed")


class SearchRequest(_Request):
    """What passages are looked for."""

    query: Text = Field(examples=["人才公寓"])
    k: int = Field(10, ge=1, le=MOST_RESULTS)


class MatchRequest(_Request):
    """One of a published need, a published offer, or a wish in plain words."""

    need: Line | None = Field(None, description="id of a published need")
    offer: Line | None = Field(None, description="id of a published offer")
    text: Text | None = None
    k: int = Field(10, ge=1, le=MOST_RESULTS)
    widen: bool = Field(False, description="the nearest that are not good enough to be proposed")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(each is not None for each in (self.need, self.offer, self.text)) != 1:
            raise ValueError("need、offer、text 三项里给一项，也只给一项")
        return self


class EligibilityRequest(_Request):
    """What a firm tells of itself; what is left empty is not judged."""

    region: Line = ""
    industry: Line = ""
    size: Line = ""
    qualifications: Annotated[tuple[Line, ...], Field(max_length=MOST_EARLIER), FailFast()] = ()
    need: Line = ""
    about: Line = ""


class ContentPart(BaseModel):
    """One part of a chat message; only text is read."""

    model_config = ConfigDict(frozen=True)

    type: str
    text: Text = ""


class ChatMessage(BaseModel):
    """One message of a chat; other keys are ignored."""

    model_config = ConfigDict(frozen=True)

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[str, Field(max_length=LONGEST_ANSWER)] | tuple[ContentPart, ...] | None = None

    @property
    def words(self) -> str:
        """The text of the message."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if part.type == "text")

    @property
    def is_text(self) -> bool:
        """Whether all of it can be read: no picture and no sound."""
        return isinstance(self.content, str) or all(part.type == "text" for part in self.content or ())


class StreamOptions(BaseModel):
    """What a stream tells beside the answer; other keys are ignored."""

    model_config = ConfigDict(frozen=True)

    include_usage: bool | None = Field(None, description="a last piece with the figures of use")


class ChatRequest(BaseModel):
    """A chat completion as the OpenAI API asks for it. Parameters that are not listed are taken and do nothing."""

    model_config = ConfigDict(frozen=True)

    messages: Annotated[tuple[ChatMessage, ...], Field(min_length=1, max_length=MOST_MESSAGES), FailFast()]
    model: Line = Field("", description="any name: there is one assistant")
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: Any = Field(None, description="1 alone")
    tools: Any = Field(None, description="refused unless empty or tool_choice is none")
    functions: Any = Field(None, description="refused unless empty or function_call is none")
    tool_choice: Any = Field(None, description="none or auto")
    function_call: Any = Field(None, description="none or auto")
    response_format: Any = Field(None, description='{"type": "text"} alone')
    logprobs: Any = Field(None, description="false alone")
    top_logprobs: Any = Field(None, description="0 alone")
    modalities: Any = Field(None, description='["text"] alone')
    audio: Any = Field(None, description="refused")
    web_search_options: Any = Field(None, description="refused")
