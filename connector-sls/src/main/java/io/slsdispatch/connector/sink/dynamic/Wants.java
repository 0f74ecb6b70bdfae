package io.slsdispatch.connector.sink.dynamic;

import io.slsdispatch.connector.sink.dynamic.KnownLogstores.Start;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The logstores that somebody waits for, oldest first. Task thread only. */
final class Wants {

    /**
     * What is wanted.
     *
     * @param number a listing with a higher number answers whether the logstore exists
     * @param create whether it is created if it does not exist
     * @param isUrgent whether groups wait for it
     * @param createAt when this writer creates it, as {@link System#nanoTime}
     */
    record Want(long number, boolean create, boolean isUrgent, long createAt) {}

    private final Map<String, Want> wants = new LinkedHashMap<>();

    /** Those of which was reported that it is not known whether they exist. */
    private final Set<String> reported = new HashSet<>();

    boolean isEmpty() {
        return wants.isEmpty();
    }

    void put(String name, Want want) {
        wants.put(name, want);
    }

    @Nullable
    Want get(String name) {
        return wants.get(name);
    }

    void remove(String name) {
        wants.remove(name);
        reported.remove(name);
    }

    void clear() {
        wants.clear();
        reported.clear();
    }

    List<String> names() {
        return List.copyOf(wants.keySet());
    }

    /** Those that were not returned before. */
    List<String> unreported() {
        return wants.keySet().stream().filter(reported::add).toList();
    }

    /** Whether groups wait for a newer listing. */
    boolean needListing(long newest) {
        return wants.values().stream().anyMatch(want -> want.isUrgent && newest < want.number);
    }

    /** Those that are not in the newest listing, and are to be created by this writer at a time, or before. */
    List<String> toCreate(long newest, long at) {
        return wants.entrySet().stream()
                .filter(each -> isToCreate(each.getValue(), newest, at))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean isToCreate(Want want, long newest, long at) {
        return want.create && want.number <= newest && (at == Long.MAX_VALUE || at - want.createAt >= 0);
    }

    /** Whether this writer was to create it at a time. */
    boolean wasDue(String name, long at) {
        Want want = wants.get(name);
        return want != null && at - want.createAt >= 0;
    }

    /**
     * When something is to be done next.
     *
     * @param look when to look again for those that another writer may create
     * @param late when to look for those that no group waits for
     */
    long nextAt(Start newest, long look, long late) {
        long next = late;
        for (Want want : wants.values()) {
            if (want.number <= newest.number()) {
                next = want.createAt - next < 0 ? want.createAt : next;
                next = look - next < 0 ? look : next;
            }
        }
        return next;
    }
}
