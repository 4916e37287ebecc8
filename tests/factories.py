"""What tests need in the database."""

import factory
from django.contrib.auth.models import Group

from workmate.models import User

PASSWORD = "ein langes Passwort"


class UserFactory(factory.django.DjangoModelFactory):
    """A person without a role; `user_in` gives one with."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"user-{number}@example.de")
    name = factory.Sequence(lambda number: f"Person {number}")

    @classmethod
    def _create(cls, model_class: type[User], *args: object, **kwargs: object) -> User:
        kwargs.setdefault("password", PASSWORD)
        return model_class.objects.create_user(*args, **kwargs)


def user_in(role: str, **fields: object) -> User:
    """A person in a role: Inhaber, Buchhaltung, Mitarbeit, Steuerberatung."""
    user = UserFactory(is_staff=role == "Inhaber", **fields)
    user.groups.add(Group.objects.get(name=role))
    return user
