package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.redrive.Parcel.Item;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Puts letters to their targets, several requests side by side, small groups together where the target takes that.
 * Everything that is given to it is settled sooner or later: sent, refused, or not sent, and its receiver told. One thread;
 * answers of the service come to it by a queue.
 */
final class Delivery {

    /** Learns what became of each letter. */
    interface Receiver {

        /** The service has acknowledged every byte of it. */
        void sent(Addressed letter);

        /** The target will not take it. */
        void refused(Addressed letter, String reason);

        /** It could not be sent in this run, or it is not known whether it was. */
        void notSent(Addressed letter, String reason);

        /** Something that a person who waits may want to know. */
        void says(String line);

        /** Called again and again while it is waited for a target. */
        void waits();
    }

    /** For so long requests that are under way may still be answered when the run is to end. */
    private static final long LAST_ANSWERS = TimeUnit.SECONDS.toNanos(5);

    private static final String BROKEN_OFF = "the run was broken off";

    private static final long LOOK_EVERY = TimeUnit.MILLISECONDS.toNanos(200);

    private record Answer(
            Outlet outlet, Parcel parcel, @Nullable Throwable error) {}

    private final Clients clients;
    private final StopSignal stop;
    private final LongSupplier nanoClock;
    private final RandomGenerator random;
    private final Receiver receiver;
    private final Map<Target, Outlet> outlets = new LinkedHashMap<>();
    private final Map<Outlet, SlsClient> clientsOfOutlets = new LinkedHashMap<>();
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private long stoppedAt;
    private boolean stopping;

    Delivery(Clients clients, StopSignal stop, LongSupplier nanoClock, RandomGenerator random, Receiver receiver) {
        this.clients = clients;
        this.stop = stop;
        this.nanoClock = nanoClock;
        this.random = random;
        this.receiver = receiver;
    }

    /** Takes a letter; waits while its target holds too much. */
    void add(Addressed letter) throws InterruptedException {
        if (stop.isStopped()) {
            receiver.notSent(letter, BROKEN_OFF);
            return;
        }
        Outlet outlet = outlets.computeIfAbsent(letter.target(), this::outlet);
        outlet.add(new Item(letter));
        pump(outlet);
        while (outlet.isFull()) {
            outlet.close();
            work();
        }
    }

    /** Waits until everything is settled. */
    void settleAll() throws InterruptedException {
        outlets.values().forEach(Outlet::close);
        while (outlets.values().stream().anyMatch(outlet -> !outlet.isIdle())) {
            work();
        }
    }

    private Outlet outlet(Target target) {
        Outlet outlet = new Outlet(target.config(), this::settled, receiver::says, random);
        clientsOfOutlets.put(outlet, clients.of(target.connection()));
        return outlet;
    }

    private void settled(Item item) {
        String refusal = item.refusal();
        String hindrance = item.hindrance();
        if (refusal != null) {
            receiver.refused(item.letter(), refusal);
        } else if (hindrance != null) {
            receiver.notSent(item.letter(), hindrance);
        } else {
            receiver.sent(item.letter());
        }
    }

    /** Sends what may be sent, and takes the next answer. */
    private void work() throws InterruptedException {
        if (stop.isStopped() && !stopping) {
            stopping = true;
            stoppedAt = nanoClock.getAsLong();
            outlets.values().forEach(outlet -> outlet.giveUp(BROKEN_OFF));
        }
        outlets.values().forEach(this::pump);
        receiver.waits();
        Answer answer = answers.poll(untilSomethingIsDue(), TimeUnit.NANOSECONDS);
        if (answer != null) {
            take(answer);
        } else if (stopping && nanoClock.getAsLong() - stoppedAt > LAST_ANSWERS) {
            // Ends every request that is under way; they come back as failed.
            clients.close();
        }
    }

    private long untilSomethingIsDue() {
        long now = nanoClock.getAsLong();
        long wait = LOOK_EVERY;
        for (Outlet outlet : outlets.values()) {
            long due = outlet.nextDueAt();
            if (due != Long.MAX_VALUE) {
                wait = Math.min(wait, Math.max(0, due - now));
            }
        }
        return wait;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // every outcome comes back by the queue
    private void pump(Outlet outlet) {
        SlsClient client = clientsOfOutlets.get(outlet);
        if (client == null) {
            throw new IllegalStateException(
                    "no client for target " + outlet.config().name());
        }
        for (Parcel parcel = outlet.next(nanoClock.getAsLong());
                parcel != null;
                parcel = outlet.next(nanoClock.getAsLong())) {
            Parcel sent = parcel;
            client.put(new PutRequest(outlet.config().logstore(), sent.groups(), null))
                    .whenComplete((nothing, error) -> answers.add(new Answer(outlet, sent, error)));
        }
    }

    private void take(Answer answer) {
        if (answer.error == null) {
            answer.outlet.succeeded(answer.parcel, nanoClock.getAsLong());
        } else if (answer.error instanceof SlsException failure) {
            answer.outlet.failed(answer.parcel, failure, nanoClock.getAsLong());
        } else {
            throw new IllegalStateException(
                    "a put failed with an error that did not come from the service", answer.error);
        }
    }
}
