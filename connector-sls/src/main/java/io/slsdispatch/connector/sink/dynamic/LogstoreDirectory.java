package io.slsdispatch.connector.sink.dynamic;

import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.Backoff;
import io.slsdispatch.connector.config.DynamicSinkConfig;
import io.slsdispatch.connector.model.LogstoreSettings;
import io.slsdispatch.connector.put.PutThread;
import io.slsdispatch.connector.sink.dynamic.KnownLogstores.Start;
import io.slsdispatch.connector.sink.dynamic.LogstoreCalls.Creation;
import io.slsdispatch.connector.sink.dynamic.Wants.Want;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which logstores exist, and creates those that are missing, see {@link CreationRules}. Makes one call at a
 * time, off the task thread. Task thread only.
 */
final class LogstoreDirectory {

    /** Receives what becomes of a wanted logstore. Called on the task thread. */
    interface Listener {

        /**
         * It exists.
         *
         * @param isNew whether it was created just now, so that it may not accept groups for a while
         */
        void exists(String name, boolean isNew) throws IOException;

        /** It does not exist, and must not be created. */
        void absent(String name) throws IOException;

        /** It does not exist, and the service does not let it be created. */
        void refused(String name, SlsException error) throws IOException;

        /** It does not exist, and there may be no further logstore. */
        void full(String name) throws IOException;

        /** Whether it exists cannot be determined at present; the directory keeps trying. */
        void unknown(String name, SlsException error) throws IOException;
    }

    /** Listings follow each other at this distance at least. */
    private static final Duration PACE = Duration.ofMillis(200);

    /** All writers of a job together list about twenty times per second at most. */
    private static final Duration PACE_PER_SUBTASK = Duration.ofMillis(50);

    /** Listings for logstores that no group waits for follow each other at this distance. */
    private static final Duration PACE_OF_LOOKS = Duration.ofSeconds(10);

    /** Between looks for a logstore that another writer is to create, for each writer of the job. */
    private static final Duration LOOK_PER_SUBTASK = Duration.ofMillis(100);

    private static final Duration LOOK_AT_MOST_EVERY = Duration.ofSeconds(1);
    private static final Backoff AFTER_FAILURES = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    private final DynamicSinkConfig config;
    private final LogstoreCalls calls;
    private final PutThread thread;
    private final InstantSource clock;
    private final CreationRules rules;
    private final DirectoryEvents events;
    private final Listener listener;

    private final Wants wants = new Wants();

    private final KnownLogstores known = new KnownLogstores();

    /** Orders wants and listings. */
    private long numbers;

    private int credits;
    private boolean refresh;
    private boolean busy;
    private boolean closed;
    private long pausedUntil;
    private long nextListingAt;
    private int failures;
    private @Nullable SlsException refusal;
    private long refusedUntil;
    private final GrowingPause refusalPause = new GrowingPause(Duration.ofSeconds(10), Duration.ofMinutes(5));
    private boolean wakes;
    private long wakesAt;

    /** @param calls on the thread of the writer, whose clock this class uses */
    LogstoreDirectory(
            DynamicSinkConfig config,
            LogstoreCalls calls,
            InstantSource clock,
            CreationRules rules,
            DirectoryEvents events,
            Listener listener) {
        this.config = config;
        this.calls = calls;
        this.thread = calls.thread();
        this.clock = clock;
        this.rules = rules;
        this.events = events;
        this.listener = listener;
        this.pausedUntil = thread.now();
        this.nextListingAt = thread.now();
    }

    /**
     * Reports whether a logstore exists, and creates it if that is allowed and it does not.
     *
     * @param isUrgent whether groups wait for it
     */
    void want(String name, boolean create, boolean isUrgent) throws IOException {
        Want before = wants.get(name);
        if (before != null && before.create() == create && (before.isUrgent() || !isUrgent)) {
            return;
        }
        wants.put(
                name,
                new Want(
                        ++numbers,
                        create,
                        isUrgent,
                        thread.now() + rules.delay(name).toNanos()));
        pump();
    }

    /** Reports nothing about a logstore any longer. */
    void forget(String name) {
        wants.remove(name);
    }

    /** Lists again, unless the newest listing is recent. */
    void refresh(Duration age) throws IOException {
        Start last = known.listing();
        if (last.number() == 0 || thread.now() - last.nanos() >= age.toNanos()) {
            refresh = true;
            pump();
        }
    }

    /** The allowed logstores of the newest listing. */
    Set<String> listed() {
        return known.names();
    }

    /** Ignores all results from now on. */
    void close() {
        closed = true;
        wants.clear();
    }

    /** Makes the next call, or sleeps until there is one to make. */
    private void pump() throws IOException {
        long now = thread.now();
        if (busy || closed || (wants.isEmpty() && !refresh)) {
            return;
        }
        if (now - pausedUntil < 0) {
            wakeAfter(pausedUntil - now);
            return;
        }
        if (refresh || wants.needListing(known.listing().number())) {
            list();
            return;
        }
        List<String> due = wants.toCreate(known.listing().number(), now);
        if (due.isEmpty()) {
            sleep(now);
        } else if (isRefused(now)) {
            refuse(due);
        } else {
            create(due, now);
        }
    }

    private boolean isRefused(long now) {
        return refusal != null && now - refusedUntil < 0;
    }

    /** Nothing is due: looks again later, because another writer may create what is wanted. */
    private void sleep(long now) {
        Start listing = known.listing();
        long next = wants.nextAt(listing, listing.nanos() + lookEvery(), listing.nanos() + PACE_OF_LOOKS.toNanos());
        if (listing.number() == 0 || next - now <= 0) {
            list();
        } else {
            wakeAfter(next - now);
        }
    }

    private long lookEvery() {
        return scaled(LOOK_AT_MOST_EVERY, LOOK_PER_SUBTASK);
    }

    private long scaled(Duration least, Duration perSubtask) {
        return Math.max(least.toNanos(), perSubtask.toNanos() * rules.subtasks());
    }

    private void create(List<String> due, long now) throws IOException {
        int count = known.count(now);
        Instant time = clock.instant();
        boolean wasDueAtListing =
                due.stream().allMatch(name -> wants.wasDue(name, known.listing().nanos()));
        if (!wasDueAtListing || credits == 0) {
            list();
        } else if (!rules.takesTurns(count) || rules.isFull(count)) {
            send(due, count);
        } else if (!rules.untilTurn(time).isZero()) {
            awaitTurn(rules.untilTurn(time).toNanos(), now);
        } else if (rules.isOfThisTurn(known.listing().time(), time)) {
            send(due, count);
        } else {
            list();
        }
    }

    /** Meanwhile another writer may create what is wanted, or use up the limit. */
    private void awaitTurn(long turn, long now) {
        long look = known.listing().nanos() + lookEvery() - now;
        if (look <= 0) {
            list();
        } else {
            wakeAfter(Math.min(turn, look));
        }
    }

    /** Creates as many logstores as may be created before the next listing. */
    private void send(List<String> due, int count) throws IOException {
        int room = Math.max(0, rules.maxLogstores() - count);
        List<String> names = new ArrayList<>();
        for (String name : due) {
            // What was perhaps created is counted already.
            if (known.isPerhapsCreated(name) || room-- > 0) {
                names.add(name);
            }
        }
        LogstoreSettings settings = config.whenMissing().create();
        if (names.isEmpty() || settings == null) {
            for (String name : due) {
                wants.remove(name);
                listener.full(name);
            }
            pump();
            return;
        }
        List<String> some = List.copyOf(names.subList(0, Math.min(credits, names.size())));
        credits -= some.size();
        long began = thread.now();
        some.forEach(name -> known.creates(name, began));
        busy = true;
        calls.create(some, settings, results -> answered(() -> created(some, results)));
    }

    private void created(List<String> names, List<Creation> results) throws IOException {
        names.subList(results.size(), names.size()).forEach(known::notCreated);
        for (Creation result : results) {
            SlsException error = result.failure();
            events.createCalled();
            if (error == null || error.kind() == ErrorKind.ALREADY_EXISTS) {
                refusal = null;
                refusalPause.reset();
                failures = 0;
                wants.remove(result.name());
                if (error == null) {
                    events.created(result.name());
                }
                listener.exists(result.name(), true);
            } else if (error.kind().isTransient() || ErrorCodes.isLocal(error)) {
                // It was perhaps created: the next listing shows it.
                credits = 0;
                events.createFailed(error);
                pause(backoff());
            } else {
                known.notCreated(result.name());
                events.createRefused(error);
                refused(error);
            }
        }
    }

    /** No permission, quota or project: concerns all logstores alike, so that a while passes without a call. */
    private void refused(SlsException error) throws IOException {
        refusal = error;
        refusedUntil = thread.now() + refusalPause.next().toNanos();
        refuse(wants.toCreate(known.listing().number(), Long.MAX_VALUE));
    }

    private void refuse(List<String> names) throws IOException {
        SlsException error = refusal;
        if (error == null) {
            return;
        }
        for (String name : names) {
            wants.remove(name);
            listener.refused(name, error);
        }
    }

    private void list() {
        if (thread.now() - nextListingAt < 0) {
            wakeAfter(nextListingAt - thread.now());
            return;
        }
        Start start = new Start(++numbers, thread.now(), clock.instant());
        refresh = false;
        busy = true;
        calls.list(
                config.allowed(),
                found -> answered(() -> {
                    events.listed(found.names().size(), found.calls());
                    known.listed(start, found.names());
                    credits = rules.perListing();
                    failures = 0;
                    nextListingAt = thread.now() + scaled(PACE, PACE_PER_SUBTASK);
                    answer();
                }),
                error -> answered(() -> {
                    events.listingFailed(error);
                    pause(backoff());
                    for (String name : wants.unreported()) {
                        listener.unknown(name, error);
                    }
                }));
    }

    /** Answers the wants of which the newest listing decides. */
    private void answer() throws IOException {
        for (String name : wants.names()) {
            Want want = wants.get(name);
            if (want == null || known.listing().number() < want.number()) {
                continue;
            }
            if (known.isListed(name)) {
                wants.remove(name);
                listener.exists(name, false);
            } else if (!want.create()) {
                wants.remove(name);
                listener.absent(name);
            }
        }
    }

    /** Handles the result of a call. */
    private void answered(PutThread.Task result) throws IOException {
        busy = false;
        if (!closed) {
            result.run();
            pump();
        }
    }

    private Duration backoff() {
        failures++;
        return AFTER_FAILURES.delay(failures, () -> ThreadLocalRandom.current().nextLong());
    }

    private void pause(Duration time) {
        long until = thread.now() + time.toNanos();
        if (until - pausedUntil > 0) {
            pausedUntil = until;
        }
    }

    private void wakeAfter(long nanos) {
        long at = thread.now() + nanos;
        if (!wakes || at - wakesAt < 0) {
            wakes = true;
            wakesAt = at;
            thread.after(Duration.ofNanos(nanos), () -> {
                wakes &= wakesAt != at;
                if (!closed) {
                    pump();
                }
            });
        }
    }
}
