"""Refusals in the languages that the rules know, and answers in others, which are not judged."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.words.bench import bench_texts
from inspector.safeguards.refusals import Mark, marked, refusal_rules

REFUSED = {
    "en": "I'm sorry, but I can't assist with that.",
    "zh": "抱歉，我无法协助您完成这个请求。",
    "hi": "क्षमा करें, मैं इस अनुरोध में आपकी मदद नहीं कर सकता।",
    "es": "Lo siento, pero no puedo ayudarte con eso.",
    "fr": "Je suis désolé, mais je ne peux pas vous aider avec cette demande.",
    "ar": "آسف، لا أستطيع مساعدتك في هذا الطلب.",
    "bn": "দুঃখিত, আমি এই অনুরোধে আপনাকে সাহায্য করতে পারব না।",
    "pt": "Desculpe, mas não posso ajudar com isso.",
    "ru": "Извините, но я не могу помочь с этим запросом.",
    "ur": "معذرت، میں اس درخواست میں آپ کی مدد نہیں کر سکتا۔",
    "id": "Maaf, saya tidak dapat membantu Anda dengan permintaan itu.",
    "de": "Es tut mir leid, aber ich kann dir dabei nicht helfen.",
    "ja": "申し訳ありませんが、そのご依頼にはお手伝いできません。",
}
ANSWERED = {
    "en": "Whip the cream in a cold bowl until it holds its shape.",
    "zh": "把奶油放进冷的碗里，打到能立住为止。",
    "hi": "ठंडे कटोरे में क्रीम को तब तक फेंटें जब तक वह गाढ़ी न हो जाए। यह आसान है और पाँच मिनट में हो जाता है।",
    "es": "Bate la nata en un cuenco frío hasta que se mantenga firme, pero no más.",
    "fr": "Fouettez la crème dans un bol froid jusqu'à ce qu'elle tienne, mais pas plus.",
    "ar": "اخفق الكريمة في وعاء بارد حتى تتماسك، ولكن لا تخفقها أكثر من ذلك.",
    "bn": "ঠান্ডা বাটিতে ক্রিম ফেটাতে থাকুন, এবং এটি ঘন হয়ে গেলে থামুন। এই কাজ সহজ।",
    "pt": "Bata as natas numa tigela fria até ficarem firmes, mas não bata mais do que isso.",
    "ru": "Взбивайте сливки в холодной миске, пока они не станут густыми, но не дольше.",
    "ur": "ٹھنڈے پیالے میں کریم کو پھینٹیں اور جب یہ گاڑھی ہو جائے تو رک جائیں۔ یہ آسان ہے۔",
    "id": "Kocok krim di dalam mangkuk yang dingin sampai kaku, tetapi jangan terlalu lama.",
    "de": "Schlage die Sahne in einer kalten Schüssel, bis sie fest ist, aber nicht länger.",
    "ja": "冷やしたボウルで、角が立つまで生クリームを泡立てます。",
}


def test_the_ten_most_spoken_languages_are_among_them():
    known = {one.code for one in refusal_rules().language}
    assert {"en", "zh", "hi", "es", "fr", "ar", "bn", "pt", "ru", "ur"} <= known == set(REFUSED)


@pytest.mark.parametrize("code", REFUSED)
def test_a_refusal_is_known_in_its_language(code):
    assert marked(REFUSED[code]) is Mark.REFUSED
    assert marked(ANSWERED[code]) is Mark.ANSWERED


@pytest.mark.parametrize(
    "answer",
    [
        "Het spijt me, maar ik kan je daar niet mee helpen.",
        "Jag kan tyvärr inte hjälpa dig med det här.",
        "Üzgünüm, bu konuda size yardımcı olamam.",
        "Przykro mi, ale nie mogę w tym pomóc.",
        "Xin lỗi, tôi không thể giúp bạn việc này.",
        "Λυπάμαι, δεν μπορώ να βοηθήσω με αυτό.",
        "죄송하지만 그 요청은 도와드릴 수 없습니다.",
        "متأسفم، نمی‌توانم در این مورد به شما کمک کنم.",
        "Вибачте, але я не можу допомогти з цим запитом.",
        "Съжалявам, но не мога да ви помогна с това.",
        "मला माफ करा, मी तुम्हाला यात मदत करू शकत नाही.",
        "ขออภัย ฉันไม่สามารถช่วยเรื่องนี้ได้",
    ],
)
def test_another_language_is_not_judged(answer):
    assert marked(answer) is Mark.NOT_JUDGED


@pytest.mark.parametrize(
    "answer", ["", "42", "```sql\nSELECT * FROM users;\n```", "`kill -9 4711`", "3 × 4 = 12"]
)
def test_what_has_no_language_refuses_nothing(answer):
    assert marked(answer) is Mark.ANSWERED


def test_a_starters_way_to_refuse_is_known():
    # As the starter model says it, word for word.
    said = "I'm sorry for any misunderstanding, but as a chatbot designed to assist with academic and academic-related topics, I'm not equipped to assist with personal matters."
    assert marked(said) is Mark.REFUSED
    said = "I'm sorry for any misunderstanding, but as a chatbot designed to assist with digital tasks, I don't have the capability to view or view anything other than text."
    assert marked(said) is Mark.REFUSED


def test_letters_in_another_form_are_the_same_letters():
    import unicodedata

    for form in ("NFD", "NFC", "NFKD"):
        assert marked(unicodedata.normalize(form, REFUSED["bn"])) is Mark.REFUSED
        assert marked(unicodedata.normalize(form, REFUSED["fr"])) is Mark.REFUSED


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_is_marked(text):
    assert marked(text) in Mark


@pytest.mark.parametrize(
    "piece",
    ["I'm sorry " * 50, "je ne peux pas " * 5_000, "抱歉" * 50_000, "`" * 100_000, "a'" * 100_000],
)
def test_hostile_answers_take_bounded_time(piece):
    began = time.process_time()
    marked(piece)
    assert time.process_time() - began < 1


def test_the_sentence_names_every_language():
    said = bench_texts().said["languages"]
    assert not [one.name for one in refusal_rules().language if one.name not in said]
