import pytest
def test_nothing(): pass
@pytest.mark.django_db
def test_db():
    from django.db import connection
    with connection.cursor() as c:
        c.execute("select current_user, current_database()"); assert c.fetchone() == ("joinedup_app", "ordinary")
def test_fresh(fresh_database):
    from django.db import connection
    with connection.cursor() as c:
        c.execute("select current_user, current_database()"); assert c.fetchone()[1] == fresh_database.name
def test_page(page):
    page.goto("data:text/html,<h1>hello")
