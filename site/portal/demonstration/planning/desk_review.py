"""The desk review before a visit: the invented team's marks and questions, and the hotline's answers."""

from evaluation.models import DeskQuestion, Evaluation, User, Visit
from evaluation.visits.desk_review import MarkInput, save_desk_answer, save_marks, send_questions
from portal.visits.letters import write_question_letters

QUESTIONS = (
    "Which shifts does this cover? The rota that you attached ends in June.",
    "Who decides this at night, and how is it written down?",
    "How many of the operators have had this training since January?",
)
NOTES = ("Ask to see the rota of last week.", "Look at the room, and at what hangs on the wall.", "")


def mark_and_ask(evaluation: Evaluation, team: tuple[User, ...]) -> None:
    """Mark the first low answers, each assessor separately, and send the questions."""
    lead, *others = team
    low = list(evaluation.answers.filter(code__in=evaluation.asked, level__lte=1).order_by("pk")[:9])
    codes = [answer.code for answer in low]
    asked = {code: MarkInput("ask", words) for code, words in zip(codes, QUESTIONS, strict=False)}
    seen = {code: MarkInput("see", note) for code, note in zip(codes[3:], NOTES, strict=False)}
    save_marks(evaluation, asked | seen, by=lead)
    for colleague in others:
        save_marks(evaluation, {code: MarkInput("agree") for code in codes[:6]}, by=colleague)
    questions = send_questions(evaluation)
    assert isinstance(questions, list)  # the visit has not begun
    write_question_letters(Visit.objects.get(evaluation=evaluation), questions, by=lead)


def answer_first(evaluation: Evaluation, coordinator: User) -> None:
    """Answer the first question; the others stay open."""
    question = DeskQuestion.objects.filter(evaluation=evaluation).first()
    if question is not None:
        words = "All of them. The rota of the second half of the year is attached to the answer of the next indicator."
        save_desk_answer(question, words, version=0, by=coordinator)
