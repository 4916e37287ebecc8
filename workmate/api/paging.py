"""Lists come in pages of 25, on demand up to 200."""

from rest_framework.pagination import PageNumberPagination


class Paging(PageNumberPagination):
    """`?page=2&page_size=100`."""

    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 200
