"""The names of the months as pages write them, in the languages of European and East Asian universities."""

from __future__ import annotations

NUMBERS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier janv enero ene gennaio janeiro januari stycznia jänner "
            "ledna января януари január ocak ianuarie tammikuuta ιανουαρίου jaanuar",
            "february feb februar février fevrier févr febrero febbraio fevereiro fev februari lutego "
            "února февраля февруари február şubat februarie helmikuuta φεβρουαρίου veebruar",
            "march mar märz mär maerz mrz mars marzo março marts maart marca března "
            "марта март március mart martie maaliskuuta μαρτίου märts",
            "april apr avril avr abril abr aprile kwietnia dubna апреля "
            "април április nisan aprilie huhtikuuta απριλίου aprill",
            "may mai mayo maggio maio mei maj maja května мая май május mayıs toukokuuta μαΐου",
            "june jun juni juin junio giugno giu junho czerwca června "
            "июня юни június haziran iunie kesäkuuta ιουνίου juuni",
            "july jul juli juillet juil julio luglio lug julho lipca července "
            "июля юли július temmuz iulie heinäkuuta ιουλίου juuli",
            "august aug août aout agosto augustus augusti sierpnia srpna "
            "августа август augusztus ağustos elokuuta αυγούστου",
            "september sept sep septembre septiembre settembre setembro września září "
            "сентября септември szeptember eylül septembrie syyskuuta σεπτεμβρίου",
            "october oct oktober okt octobre octubre ottobre ott outubro października října "
            "октября октомври október ekim octombrie lokakuuta οκτωβρίου oktoober",
            "november nov novembre noviembre novembro listopada listopadu "
            "ноября ноември kasım noiembrie marraskuuta νοεμβρίου",
            "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro desember "
            "grudnia prosince декабря декември aralık decembrie joulukuuta δεκεμβρίου detsember",
        ),
        start=1,
    )
    for name in names.split()
} | {
    name: n % 12 + 1
    for n, name in enumerate(
        [f"{figure}月" for figure in "一 二 三 四 五 六 七 八 九 十 十一 十二".split()]
        + [f"{figure}月" for figure in range(1, 13)]
        + [f"{figure}월" for figure in range(1, 13)]
    )
}
# For expressions that look for months by name, in any case.
NAMES = "|".join(sorted((name for name in NUMBERS if name[-1] not in "月월"), key=len, reverse=True))
