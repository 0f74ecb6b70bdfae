"""Writes to SLS Local with the official SDK, and checks what has arrived. Start SLS Local first, then:

pip install aliyun-log-python-sdk
python3 write.py http://127.0.0.1:10012 my-project my-logs
"""
import json
import os
import sys
import time
import urllib.request

ADDRESS, PROJECT, LOGSTORE = sys.argv[1:4]

# The SDK puts the project in front of the endpoint's name: SLS Local is its proxy, for any name.
os.environ["HTTP_PROXY"] = os.environ["http_proxy"] = ADDRESS
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"

from aliyun.log import LogClient, LogException, LogItem, PutLogsRequest  # noqa: E402


def local(path, body=None):
    """Calls the administration of SLS Local."""
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(ADDRESS + "/_local/" + path, data) as answer:
        return json.load(answer)


def main():
    client = LogClient("http://sls.test", "ID", "SECRET")
    item = LogItem(int(time.time()), contents=[("request", "GET /")])
    client.put_logs(PutLogsRequest(PROJECT, LOGSTORE, "nginx", "example", [item], logtags=[("host", "web-1")]))

    groups = local("groups?project=%s&logstore=%s" % (PROJECT, LOGSTORE))
    assert len(groups) == 1, groups
    assert groups[0]["topic"] == "nginx", groups
    assert ["host", "web-1"] in groups[0]["tags"], groups
    assert groups[0]["first"][0]["contents"] == [["request", "GET /"]], groups

    # The next put is denied: what does your code do?
    local("faults", {"effect": "error", "code": "Unauthorized", "operation": "PutLogs", "count": 1})
    try:
        client.put_logs(PutLogsRequest(PROJECT, LOGSTORE, "nginx", "example", [item]))
        raise AssertionError("the put was accepted")
    except LogException as denied:
        assert denied.get_error_code() == "Unauthorized", denied
    print("passed")


if __name__ == "__main__":
    main()
