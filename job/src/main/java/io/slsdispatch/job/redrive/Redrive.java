package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.client.ErrorHints;
import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetterDecoder;
import io.slsdispatch.connector.deadletter.DynamicReasons;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.wire.LogGroupListWalker;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.redrive.Retrier.StoppedException;
import io.slsdispatch.job.redrive.TargetQueue.Addressed;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A redrive run. It reads a batch, sends the dead letters in it to their targets, waits until the service has
 * acknowledged them, records that, and continues. A process that dies in between has sent at most the dead letters of
 * one batch without recording it; the next run sends these again. So delivery is at least once.
 *
 * <p>Memory holds a batch, the buffers of the targets ({@code max-buffered}), parts of incomplete dead letters, and ids
 * of sent dead letters; the last three are bounded. One thread runs it; any thread may stop it.
 */
public final class Redrive {

    /** Maximum size of the parts of incomplete dead letters in memory. */
    private static final long MOST_HELD_BYTES = 64L << 20;

    /**
     * What a run does.
     *
     * @param stores the logstores to read
     * @param selection which dead letters to redrive
     * @param destinations the targets of the dead letters
     * @param sends false to count only
     */
    public record Task(List<DeadLetterLogstore> stores, Selection selection, Destinations destinations, boolean sends) {

        public Task {
            stores = List.copyOf(stores);
        }
    }

    /** Observer of the progress of a run. */
    public interface Watcher {

        /** The shards are found, and reading begins. */
        void begins(int shards);

        /** Called frequently while the run works or waits, with the receive time up to which everything is read. */
        void progress(RedriveReport report, Optional<Instant> readUpTo);

        /** Reports a problem that may be transient. */
        void says(String line);
    }

    private final Task task;
    private final Function<ConnectionConfig, SlsClientFactory> factories;
    private final RedriveState state;
    private final StopSignal stop;
    private final Watcher watcher;
    private final RedriveReport report = new RedriveReport();
    private final DeadLetterDecoder decoder = new DeadLetterDecoder(MOST_HELD_BYTES);
    private final SentIds sentIds = new SentIds(SentIds.MOST);
    private final Set<String> underWay = new HashSet<>();

    public Redrive(
            Task task,
            Function<ConnectionConfig, SlsClientFactory> factories,
            RedriveState state,
            StopSignal stop,
            Watcher watcher) {
        this.task = task;
        this.factories = factories;
        this.state = state;
        this.stop = stop;
        this.watcher = watcher;
    }

    /**
     * Runs up to the current end of the logstores, or until it is stopped.
     *
     * @throws IOException when the state cannot be written
     */
    public RedriveReport run() throws IOException, InterruptedException {
        state.sent().forEach(sentIds::add);
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        Retrier retrier = new Retrier(Retrier.LIMIT, stop, System::nanoTime, random, watcher::says);
        try (Clients clients = new Clients(factories)) {
            DeadLetterReader reader = DeadLetterReader.open(
                    task.stores(), clients, retrier, task.selection().receivedFrom(), state.cursors(), report::gap);
            watcher.begins(reader.shards());
            Sender sender = new Sender(clients, stop, System::nanoTime, random, new Outcomes(reader));
            Optional<PulledBatch> batch = reader.next();
            while (batch.isPresent() && !stop.isStopped()) {
                read(batch.get(), sender);
                sender.settleAll();
                note(reader);
                watcher.progress(report, reader.readUpTo());
                batch = reader.next();
            }
            if (batch.isPresent()) {
                report.brokenOff();
            } else {
                note(reader);
            }
        } catch (StoppedException e) {
            report.brokenOff();
        } catch (SlsException e) {
            report.cannotRead(e.getMessage() + ". " + ErrorHints.of(e) + ".");
        }
        report.incomplete(
                decoder.incomplete().stream().filter(task.selection()::takes).toList(), decoder.incompleteUnnamed());
        return report;
    }

    /**
     * Records progress. Cursors never pass a dead letter that is still to be sent; the ids of dead letters sent behind
     * the cursors are recorded one by one.
     */
    private void note(DeadLetterReader reader) throws IOException {
        if (!task.sends()) {
            return;
        }
        boolean nothingLeft = !report.leavesSomethingBehind()
                && decoder.incompleteUnnamed() == 0
                && decoder.incomplete().stream().noneMatch(task.selection()::takes);
        if (nothingLeft) {
            state.moveTo(reader.cursors());
        } else {
            state.keep();
        }
    }

    private void read(PulledBatch batch, Sender sender) throws InterruptedException {
        LogGroupListWalker groups = new LogGroupListWalker();
        groups.reset(batch.data(), batch.length());
        try {
            while (groups.next()) {
                decoder.read(batch.data(), groups.offset(), groups.length(), new DeadLetters(sender));
            }
        } catch (MalformedLogGroupException e) {
            report.unreadable("batch of log groups: " + e.getMessage());
        }
    }

    private void take(DeadLetter letter, Sender sender) throws InterruptedException {
        if (!task.selection().takes(letter)) {
            report.notSelected();
            return;
        }
        String id = task.destinations().idOf(letter);
        report.selected(letter);
        Optional<Target> target = task.destinations().of(letter);
        if (sentIds.contains(id) || underWay.contains(id)) {
            report.sentBefore(letter, target.orElse(null));
        } else if (target.isEmpty()) {
            report.notSent(
                    id,
                    letter,
                    null,
                    DynamicReasons.isInvalid(letter.reason())
                            ? "the rules and the target '" + letter.target() + "' still make no valid logstore for it ("
                                    + letter.reason().message() + "). Change them, or set the target with --to"
                            : "the configuration has neither a target '" + letter.target()
                                    + "' nor a target with the logstore " + letter.logstore()
                                    + ". Add one, or set the target with --to");
        } else if (task.sends()) {
            underWay.add(id);
            sender.add(new Addressed(id, letter, target.get()));
        } else {
            sentIds.add(id);
            report.counted(letter, target.get());
        }
    }

    /** Receives the dead letters of a log group. */
    private final class DeadLetters implements DeadLetterDecoder.Receiver<InterruptedException> {

        private final Sender sender;

        DeadLetters(Sender sender) {
            this.sender = sender;
        }

        @Override
        public void letter(DeadLetter letter) throws InterruptedException {
            take(letter, sender);
        }

        @Override
        public void problem(String problem) {
            report.unreadable(problem);
        }

        @Override
        public void foreignLog() {
            report.foreignLog();
        }
    }

    /** Receives the outcomes of dead letters. */
    private final class Outcomes implements Sender.Receiver {

        private final DeadLetterReader reader;

        Outcomes(DeadLetterReader reader) {
            this.reader = reader;
        }

        @Override
        public void sent(Addressed letter) {
            underWay.remove(letter.id());
            sentIds.add(letter.id());
            state.sent(letter.id());
            report.sent(letter.letter(), letter.target());
        }

        @Override
        public void refused(Addressed letter, String reason) {
            underWay.remove(letter.id());
            report.refused(letter, reason);
        }

        @Override
        public void notSent(Addressed letter, String reason) {
            underWay.remove(letter.id());
            report.notSent(letter.id(), letter.letter(), letter.target(), reason);
        }

        @Override
        public void says(String line) {
            watcher.says(line);
        }

        @Override
        public void waits() {
            watcher.progress(report, reader.readUpTo());
        }
    }

    /** The ids of the dead letters sent last, limited in number. */
    static final class SentIds {

        /** Maximum number of ids, about 40 MB. */
        static final int MOST = 500_000;

        private record Id(long high, long low) {}

        private final int most;
        private final Set<Id> ids = new LinkedHashSet<>();

        SentIds(int most) {
            this.most = most;
        }

        boolean contains(String id) {
            return ids.contains(id(id));
        }

        void add(String id) {
            ids.add(id(id));
            if (ids.size() > most) {
                Iterator<Id> oldest = ids.iterator();
                oldest.next();
                oldest.remove();
            }
        }

        int size() {
            return ids.size();
        }

        private static Id id(String hex) {
            return new Id(Long.parseUnsignedLong(hex, 0, 16, 16), Long.parseUnsignedLong(hex, 16, 32, 16));
        }
    }
}
