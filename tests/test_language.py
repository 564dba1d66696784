"""Languages are told by script, by declaration and by words, in that order of trust, and without heavy imports."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import language

TEXTS = {
    "en": "The harbour office has changed its opening hours, which are now from eight in the morning to noon on working days. "
    "Nobody was asked for an opinion, and nobody has complained so far about the change that was made in the spring.",
    "de": "Das Hafenamt hat seine Öffnungszeiten geändert, die nun an Werktagen von acht Uhr morgens bis zum Mittag reichen. "
    "Niemand wurde nach seiner Meinung gefragt, und bisher hat sich auch niemand über die Änderung beschwert.",
    "fr": "Le bureau du port a modifié ses heures d'ouverture, qui sont désormais de huit heures du matin à midi les jours ouvrables. "
    "Personne n'a été consulté, et personne ne s'est plaint jusqu'ici de ce changement dans la ville.",
    "pl": "Biuro portu zmieniło godziny otwarcia, które obecnie trwają od ósmej rano do południa w dni robocze. "
    "Nikogo nie zapytano o zdanie i nikt dotąd nie skarżył się na zmianę, która weszła w życie na wiosnę.",
    "ru": "Портовая служба изменила часы работы: теперь она открыта по будням с восьми утра до полудня. "
    "Никого не спрашивали, и пока никто не пожаловался на эти перемены.",
    "uk": "Портова служба змінила години роботи: тепер вона відчинена у будні з восьмої ранку до полудня. "
    "Нікого не питали, і поки що ніхто не поскаржився на ці зміни, її працівники задоволені.",
    "bg": "Пристанищната служба промени работното си време: сега тя е отворена в делничните дни от осем сутринта до обяд. "
    "Никой не беше попитан и засега никой не се е оплакал от промяната.",
    "zh": "港口办公室调整了开放时间，现在工作日从早上八点开到中午。没有人被征求意见，到现在为止也没有人对这个变化表示不满。",
    "zh-Hant": "港口辦公室調整了開放時間，現在工作日從早上八點開到中午。沒有人被徵求意見，到現在為止也沒有人對這個變化表示不滿。",
    "ja": "港の事務所は開所時間を変更し、平日は午前八時から正午までとなりました。意見を聞かれた人はおらず、これまで不満の声もありません。",
    "ko": "항구 사무소가 근무 시간을 바꾸어 이제 평일 오전 여덟 시부터 정오까지 문을 연다. 의견을 물은 사람도 없고 불평한 사람도 없다.",
    "el": "Το γραφείο του λιμανιού άλλαξε το ωράριό του και είναι πλέον ανοιχτό τις εργάσιμες ημέρες από τις οκτώ έως το μεσημέρι.",
    "ar": "غير مكتب الميناء ساعات العمل وأصبح مفتوحا في أيام العمل من الثامنة صباحا حتى الظهر ولم يسأل أحد عن رأيه في ذلك.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_a_text_tells_its_language_by_itself(code: str) -> None:
    """Nothing is declared."""
    assert language.detect(TEXTS[code]) == code


@pytest.mark.parametrize("code", ["zh", "zh-Hant", "ru", "ja", "ko", "el"])
def test_a_script_outweighs_what_a_page_declares(code: str) -> None:
    """Templates declare English on pages in any language."""
    assert language.detect(TEXTS[code], ("en-US",)) == code


def test_the_characters_decide_how_chinese_is_written() -> None:
    """A page for Hong Kong in simplified characters is `zh`, one for the mainland in traditional ones `zh-Hant`."""
    assert language.detect(TEXTS["zh"], ("zh-Hant-HK",)) == "zh"
    assert language.detect(TEXTS["zh-Hant"], ("zh-CN",)) == "zh-Hant"


def test_a_wrong_declaration_does_not_turn_german_into_english() -> None:
    """Words weigh more than a template."""
    assert language.detect(TEXTS["de"] * 2, ("en",)) == "de"


def test_too_little_text_takes_the_declaration() -> None:
    """Five letters say nothing, a locale does."""
    assert language.detect("Hafen", ("de_AT",)) == "de"
    assert language.detect("12:30", ()) is None
    assert language.detect("", ("fr-CA",)) == "fr"
    assert language.detect("港口关闭", ()) == "zh"


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en-GB", "en"),
        ("de_AT", "de"),
        ("zh-Hans-CN", "zh"),
        ("no", "nb"),
        (" fr ", "fr"),
        ("x", None),
        ("english", None),
        ("", None),
    ],
)
def test_tags_and_locales_have_a_primary_language(tag: str, code: str | None) -> None:
    """In the spellings that pages use."""
    assert language.primary(tag) == code


@given(text=st.text(max_size=300), declared=st.lists(st.text(max_size=12), max_size=3))
def test_any_text_has_a_language_or_none(text: str, declared: list[str]) -> None:
    """Nothing raises, and what comes is a tag."""
    code = language.detect(text, tuple(declared))
    assert code is None or code == "zh-Hant" or (code.isalpha() and 2 <= len(code) <= 3)


def test_telling_a_language_loads_no_extractor() -> None:
    """Short commands stay short: neither lxml nor a model is loaded by the import."""
    code = "import sys, extractors.language; print(sorted({'trafilatura', 'lxml', 'py3langid', 'numpy'} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
