package io.slsdispatch.local.service;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The request log: the last requests that were answered, so that a test can see which client pulled which shard, and
 * when. Keeps nothing unless its size is set. Safe for use by several threads.
 */
public final class RequestLog {

    private final int room;
    private final Deque<Entry> entries = new ArrayDeque<>();

    RequestLog(int room) {
        this.room = room;
    }

    /**
     * One request.
     *
     * @param millis unix milliseconds of the answer
     * @param operation name of the operation, as in {@code PullLogs}
     * @param project the project, empty when the request named none
     * @param logstore the logstore, empty when the request named none
     * @param shard the shard, -1 when the request named none
     * @param cursor the cursor in the query, empty when there is none
     * @param userAgent as the client sent it, empty when it sent none
     * @param result {@code OK}, the error code, or {@code Reset}
     */
    public record Entry(
            long millis,
            String operation,
            String project,
            String logstore,
            int shard,
            String cursor,
            String userAgent,
            String result) {

        /** The entry as shown under {@code /_local/requests}. */
        public Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("millis", millis);
            json.put("operation", operation);
            json.put("project", project);
            json.put("logstore", logstore);
            json.put("shard", shard);
            json.put("cursor", cursor);
            json.put("userAgent", userAgent);
            json.put("result", result);
            return json;
        }
    }

    boolean isOn() {
        return room > 0;
    }

    synchronized void add(Entry entry) {
        if (entries.size() >= room) {
            entries.remove();
        }
        entries.add(entry);
    }

    /** The recorded requests, oldest first. */
    public synchronized List<Entry> entries() {
        return new ArrayList<>(entries);
    }

    /** Removes all recorded requests. */
    public synchronized void clear() {
        entries.clear();
    }
}
