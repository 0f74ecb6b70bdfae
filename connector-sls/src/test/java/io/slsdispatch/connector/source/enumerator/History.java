package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.config.ShardOrder;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.source.split.ShardEvent.FinishesCheckpointed;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsFinished;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsReadOnly;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.flink.api.connector.source.SourceEvent;
import org.jspecify.annotations.Nullable;

/**
 * A random history of a source: shards are split and merged, readers read, checkpoints are taken in parts, completed or
 * aborted, readers and the whole job fail and are restored at other parallelisms, and messages take their time. The
 * enumerator is the real one; readers are as simple as the rules of the protocol allow. Throughout it is checked that
 * nobody reads a shard beside somebody else, before its ancestors, or again, and that no position falls behind that of a
 * completed checkpoint; in the end, that nothing is left unread.
 */
final class History {

    private static final int NO_CHECKPOINT = -1;

    /** One reader: what it holds, and what is on its way to and from it. */
    private static final class Reader {
        final Map<Integer, ShardSplit> open = new TreeMap<>();
        final Map<Integer, ShardSplit> finished = new TreeMap<>();
        final Set<Integer> readOnly = new HashSet<>();
        final Queue<SourceEvent> outbox = new ArrayDeque<>();
        int delivered;
        int deliverableBeforeBarrier = Integer.MAX_VALUE;
        boolean down;

        List<ShardSplit> splits() {
            List<ShardSplit> splits = new ArrayList<>(open.values());
            splits.addAll(finished.values());
            return splits;
        }
    }

    private static final class Checkpoint {
        final long id;
        final EnumeratorState enumerator;
        final Map<Integer, List<ShardSplit>> readers = new HashMap<>();
        final Set<String> settled;

        Checkpoint(long id, EnumeratorState enumerator, Set<String> settled) {
            this.id = id;
            this.enumerator = enumerator;
            this.settled = settled;
        }
    }

    private final Random random;
    private final SourceConfig config;
    private final FakeSls service;
    private final Map<Integer, List<String>> written = new HashMap<>();
    private final Map<Integer, Set<Integer>> ancestors = new HashMap<>();
    private final Set<String> everEmitted = new HashSet<>();

    /** Groups that were emitted before a completed checkpoint. */
    private final Set<String> everDelivered = new HashSet<>();

    /** Shards that a completed checkpoint holds as finished. */
    private final Set<Integer> finishedForGood = new HashSet<>();

    /** Where a completed checkpoint holds that shards stand, by the number of groups before that. */
    private final Map<Integer, Integer> reached = new HashMap<>();

    /** Groups whose emission is not undone by a restore that happened, so that they must not come again. */
    private Set<String> settled = new HashSet<>();

    private EnumeratorRig rig;
    private final List<Reader> readers = new ArrayList<>();
    private long nextCheckpoint = 1;
    private Checkpoint pending;
    private Checkpoint completed;

    /** Partial listings since the last one that shows all shards of some moment. */
    private int partialListings;

    private @Nullable Set<Integer> lastMissing;
    private boolean downReadersAreReset;
    private List<Shard> olderListing = List.of();

    History(long seed, FakeSls service, SourceConfig config) throws IOException {
        this.random = new Random(seed);
        this.service = service;
        this.config = config;
        startJob(1 + random.nextInt(4));
    }

    /** Does so many random things, then lets everything come to rest, and checks that nothing is left unread. */
    void run(int steps) throws IOException {
        for (int i = 0; i < steps; i++) {
            step();
            checkThatShardsHaveOneReader();
        }
        comeToRest();
    }

    private void step() throws IOException {
        switch (random.nextInt(20)) {
            case 0 -> reshard();
            case 1, 2, 3 -> write();
            case 4, 5 -> discover();
            case 6 -> beginCheckpoint();
            case 7, 8 -> snapshotReader();
            case 9 -> endCheckpoint();
            case 10 -> {
                if (random.nextInt(4) == 0) {
                    fail();
                }
            }
            case 11 -> restartReader();
            default -> readerStep(readers.get(random.nextInt(readers.size())));
        }
    }

    // ---- the service

    private void reshard() {
        List<Shard> writable = service.shards().stream().filter(Shard::writable).toList();
        if (service.shards().size() > 40) {
            return;
        }
        Shard shard = writable.get(random.nextInt(writable.size()));
        if (random.nextBoolean()) {
            service.split(shard.id(), 2 + random.nextInt(3)).forEach(child -> born(child, shard.id()));
        } else {
            writable.stream()
                    .filter(other -> other.range().begin().equals(shard.range().end()))
                    .findFirst()
                    .ifPresent(right -> born(service.merge(shard.id(), right.id()), shard.id(), right.id()));
        }
    }

    private void born(int shard, int... parents) {
        Set<Integer> all = ancestors.computeIfAbsent(shard, id -> new HashSet<>());
        for (int parent : parents) {
            all.add(parent);
            all.addAll(ancestors.getOrDefault(parent, Set.of()));
        }
    }

    private void write() {
        List<Shard> writable = service.shards().stream().filter(Shard::writable).toList();
        int shard = writable.get(random.nextInt(writable.size())).id();
        List<String> groups = written.computeIfAbsent(shard, id -> new ArrayList<>());
        String content = shard + "/" + groups.size();
        service.write(shard, "t", content);
        groups.add(content);
    }

    private void discover() {
        switch (random.nextInt(9)) {
            case 0, 1 -> {
                // More of them, if they lack the same, would be believed.
                boolean partial = partialListings < ListingValidator.CONFIRMATIONS;
                service.changeNextListing(partial ? this::partial : UnaryOperator.identity());
                partialListings = partial ? partialListings + 1 : 0;
            }
            case 2 -> {
                if (!olderListing.isEmpty()) {
                    List<Shard> old = olderListing;
                    service.changeNextListing(shards -> old);
                    partialListings = 0;
                }
            }
            case 3 ->
                service.refuse(
                        ErrorKind.UNAVAILABLE, 1, call -> call.operation().equals("ListShards"));
            case 4 ->
                service.refuse(ErrorKind.THROTTLED, 1, call -> call.operation().equals("GetCursor"));
            default -> {
                service.changeNextListing(this::shuffledWithRepeats);
                partialListings = 0;
                if (random.nextInt(3) == 0) {
                    olderListing = service.shards();
                }
            }
        }
        rig.discover();
    }

    /** One or two shards are missing, or all, or parents are missing that were also missing before. */
    private List<Shard> partial(List<Shard> shards) {
        int way = random.nextInt(5);
        if (way == 0) {
            return List.of();
        }
        Set<Integer> missing = new HashSet<>();
        for (int i = 0; i < 1 + way / 2; i++) {
            missing.add(random.nextInt(shards.size()));
        }
        if (way == 1 && lastMissing != null) {
            missing = lastMissing;
        }
        lastMissing = missing;
        Set<Integer> left = missing;
        return shards.stream().filter(shard -> !left.contains(shard.id())).toList();
    }

    /** In any order; some shards are shown twice, the second time perhaps as they were when they still took writes. */
    private List<Shard> shuffledWithRepeats(List<Shard> shards) {
        List<Shard> shuffled = new ArrayList<>(shards);
        if (random.nextInt(4) == 0) {
            Shard again = shards.get(random.nextInt(shards.size()));
            boolean old = random.nextBoolean();
            shuffled.add(new Shard(again.id(), again.range(), old || again.writable(), again.createdAtSeconds()));
        }
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    // ---- readers

    private void readerStep(Reader reader) {
        if (reader.down) {
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> deliverOne(reader);
            case 1 -> {
                if (!reader.outbox.isEmpty()) {
                    rig.enumerator().handleSourceEvent(readers.indexOf(reader), reader.outbox.remove());
                }
            }
            default -> readSomething(reader);
        }
    }

    private List<EnumeratorRig.Message> inbox(Reader reader) {
        return rig.sent.getOrDefault(readers.indexOf(reader), List.of());
    }

    private boolean deliverOne(Reader reader) {
        List<EnumeratorRig.Message> inbox = inbox(reader);
        if (reader.delivered >= Math.min(inbox.size(), reader.deliverableBeforeBarrier)) {
            return false;
        }
        EnumeratorRig.Message message = inbox.get(reader.delivered++);
        if (message instanceof EnumeratorRig.Message.Assign assign) {
            assign.splits().forEach(split -> assertThat(reader.open.put(split.shard(), split))
                    .as("what the reader had of an assigned shard")
                    .isNull());
        } else if (message instanceof EnumeratorRig.Message.Event event) {
            if (event.event() instanceof ShardsReadOnly readOnly) {
                reader.readOnly.addAll(readOnly.closedAtSeconds().keySet());
            } else if (event.event() instanceof FinishesCheckpointed recorded) {
                recorded.shards().forEach(reader.finished::remove);
            }
        }
        return true;
    }

    /** Reads one group of one shard, or finds out that the shard is at its end. */
    private boolean readSomething(Reader reader) {
        if (reader.open.isEmpty()) {
            return false;
        }
        List<Integer> shards = new ArrayList<>(reader.open.keySet());
        Collections.shuffle(shards, random);
        for (int shard : shards) {
            ShardSplit split = reader.open.get(shard);
            int next = FakeSls.groupAt(split.position().cursor());
            assertThat(finishedForGood).as("shards that must not be read again").doesNotContain(shard);
            assertThat(next)
                    .as("position of shard %s, which must not fall behind a completed checkpoint", shard)
                    .isGreaterThanOrEqualTo(reached.getOrDefault(shard, 0));
            List<String> groups = written.getOrDefault(shard, List.of());
            if (next < groups.size()) {
                emit(shard, groups.get(next));
                reader.open.put(shard, split.at(Position.at(FakeSls.cursorOf(next + 1)), false));
                return true;
            }
            if (reader.readOnly.contains(shard)) {
                reader.open.remove(shard);
                reader.finished.put(shard, split.at(split.position(), true));
                reader.outbox.add(new ShardsFinished(List.of(shard)));
                return true;
            }
        }
        return false;
    }

    private void emit(int shard, String group) {
        assertThat(settled.add(group)).as("group %s comes again", group).isTrue();
        everEmitted.add(group);
        if (config.order() != ShardOrder.NONE) {
            Set<String> before = config.order() == ShardOrder.AFTER_READ ? everEmitted : everDelivered;
            ancestors.getOrDefault(shard, Set.of()).forEach(older -> assertThat(before)
                    .as("shard %s is read before its ancestor %s", shard, older)
                    .containsAll(written.getOrDefault(older, List.of())));
        }
    }

    private void checkThatShardsHaveOneReader() {
        List<Integer> open = readers.stream()
                .filter(reader -> !reader.down)
                .flatMap(reader -> reader.open.keySet().stream())
                .toList();
        assertThat(open).doesNotHaveDuplicates();
    }

    // ---- checkpoints

    private void beginCheckpoint() {
        if (pending != null || readers.stream().anyMatch(reader -> reader.down)) {
            return;
        }
        long id = nextCheckpoint++;
        Set<String> before = completed == null ? new HashSet<>() : new HashSet<>(completed.settled);
        pending = new Checkpoint(id, rig.snapshot(id), before);
        for (Reader reader : readers) {
            reader.deliverableBeforeBarrier = inbox(reader).size();
        }
    }

    private void snapshotReader() {
        if (pending == null) {
            return;
        }
        int subtask = random.nextInt(readers.size());
        Reader reader = readers.get(subtask);
        if (!pending.readers.containsKey(subtask)) {
            // What was sent before the enumerator's part arrives before the barrier.
            while (deliverOne(reader)) {}
            pending.readers.put(subtask, reader.splits());
            reader.splits()
                    .forEach(split -> pending.settled.addAll(groupsBefore(
                            split.shard(), FakeSls.groupAt(split.position().cursor()))));
            reader.deliverableBeforeBarrier = Integer.MAX_VALUE;
        }
    }

    private List<String> groupsBefore(int shard, int index) {
        return written.getOrDefault(shard, List.of()).subList(0, index);
    }

    private void endCheckpoint() {
        if (pending == null || pending.readers.size() < readers.size()) {
            return;
        }
        if (random.nextInt(4) > 0) {
            completed = pending;
            noteCompleted();
            // The notification may come late, or never.
            if (random.nextInt(4) > 0) {
                rig.complete(pending.id);
            }
        }
        pending = null;
    }

    private void noteCompleted() {
        everDelivered.addAll(completed.settled);
        completed.readers.values().stream().flatMap(List::stream).forEach(split -> {
            reached.merge(split.shard(), FakeSls.groupAt(split.position().cursor()), Math::max);
            if (split.finished()) {
                finishedForGood.add(split.shard());
            }
        });
    }

    private void abortCheckpoint() {
        pending = null;
        readers.forEach(reader -> reader.deliverableBeforeBarrier = Integer.MAX_VALUE);
    }

    // ---- failures

    private void fail() throws IOException {
        abortCheckpoint();
        if (random.nextInt(3) == 0) {
            startJob(1 + random.nextInt(5));
            return;
        }
        // Without the enumerator, as when tasks fail: all of them, or one where they do not depend on each other.
        boolean all = random.nextBoolean();
        for (int subtask = 0; subtask < readers.size(); subtask++) {
            if (all || random.nextInt(readers.size()) == 0) {
                readers.get(subtask).down = true;
                rig.readerFails(subtask);
            }
        }
        downReadersAreReset = false;
    }

    /** Starts the job anew, from the last completed checkpoint if there is one. */
    private void startJob(int parallelism) throws IOException {
        readers.clear();
        for (int i = 0; i < parallelism; i++) {
            readers.add(new Reader());
        }
        if (completed == null) {
            settled = new HashSet<>();
            rig = new EnumeratorRig(service, config, parallelism);
        } else {
            settled = new HashSet<>(completed.settled);
            rig = new EnumeratorRig(service, config, parallelism, completed.enumerator);
            List<ShardSplit> splits = new ArrayList<>();
            completed.readers.values().forEach(splits::addAll);
            Collections.shuffle(splits, random);
            completed.readers.clear();
            for (int i = 0; i < parallelism; i++) {
                completed.readers.put(i, new ArrayList<>());
            }
            for (ShardSplit split : splits) {
                int subtask = random.nextInt(parallelism);
                completed.readers.get(subtask).add(split);
                restore(readers.get(subtask), split);
            }
        }
        readers.forEach(reader -> reader.down = true);
        downReadersAreReset = true;
    }

    private static void restore(Reader reader, ShardSplit split) {
        (split.finished() ? reader.finished : reader.open).put(split.shard(), split);
    }

    private void restartReader() {
        if (!downReadersAreReset) {
            downReadersAreReset = true;
            for (int subtask = 0; subtask < readers.size(); subtask++) {
                if (readers.get(subtask).down) {
                    reset(subtask);
                }
            }
        }
        for (int subtask = 0; subtask < readers.size(); subtask++) {
            Reader reader = readers.get(subtask);
            if (reader.down && random.nextBoolean()) {
                reader.down = false;
                rig.register(subtask);
                reader.outbox.add(EnumeratorRig.holds(reader.splits()));
            }
        }
    }

    private void reset(int subtask) {
        Reader fresh = new Reader();
        fresh.down = true;
        List<ShardSplit> restored = completed == null ? List.of() : completed.readers.getOrDefault(subtask, List.of());
        restored.forEach(split -> restore(fresh, split));
        readers.set(subtask, fresh);
        List<ShardSplit> givenBack = rig.readerIsReset(subtask, completed == null ? NO_CHECKPOINT : completed.id);
        fresh.delivered = inbox(fresh).size();
        // What the reader emitted after the checkpoint may come again.
        restored.forEach(split -> settled.removeAll(groupsFrom(split)));
        givenBack.forEach(split -> settled.removeAll(groupsFrom(split)));
    }

    private List<String> groupsFrom(ShardSplit split) {
        List<String> groups = written.getOrDefault(split.shard(), List.of());
        return groups.subList(FakeSls.groupAt(split.position().cursor()), groups.size());
    }

    // ---- the end

    private void comeToRest() throws IOException {
        abortCheckpoint();
        service.heal();
        for (int round = 0; round < 200; round++) {
            restartReader();
            rig.discover();
            for (Reader reader : readers) {
                if (!reader.down) {
                    while (deliverOne(reader) || readSomething(reader)) {}
                    while (!reader.outbox.isEmpty()) {
                        rig.enumerator().handleSourceEvent(readers.indexOf(reader), reader.outbox.remove());
                    }
                }
            }
            checkThatShardsHaveOneReader();
            if (readers.stream().noneMatch(reader -> reader.down)) {
                long id = nextCheckpoint++;
                rig.snapshot(id);
                everDelivered.addAll(settled);
                rig.complete(id);
            }
        }
        for (Reader reader : readers) {
            while (deliverOne(reader)) {}
            assertThat(reader.finished)
                    .as("finishes that were not acknowledged")
                    .isEmpty();
        }
        List<String> all = written.values().stream().flatMap(List::stream).toList();
        assertThat(everEmitted).containsAll(all);
        assertThat(readers.stream().flatMap(reader -> reader.open.keySet().stream()))
                .containsExactlyInAnyOrderElementsOf(service.shards().stream()
                        .filter(Shard::writable)
                        .map(Shard::id)
                        .toList());
    }
}
