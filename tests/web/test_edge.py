"""What every answer carries."""


def test_every_answer_carries_the_security_headers(browse):
    for path in ("/healthz", "/nothing-here"):
        answer = browse().get(path)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_page_that_is_not_here_is_a_friendly_page(browse):
    answer = browse(language="en").get("/nothing-here")
    assert answer.status_code == 404
    assert "This page is not here" in answer.text
