package io.slsdispatch.e2e.dispatch;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetterDecoder;
import io.slsdispatch.connector.deadletter.DeadLetterDecoder.Reading;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.wire.LogGroupListWalker;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.ledger.LogstoreLedger;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The logstore of dead letters, read as a user would who wants to deliver them after all: the letters are opened, and
 * what counts are the groups in them.
 */
public final class LetterBox {

    private final SlsClient client;
    private final LogstoreId logstore;

    /** @param client reads the logstore */
    public LetterBox(SlsClient client, LogstoreId logstore) {
        this.client = client;
        this.logstore = logstore;
    }

    /** The groups that one target did not take. */
    public LogstoreLedger of(String target) {
        return new LogstoreLedger() {
            @Override
            public String name() {
                return logstore.logstore() + " of " + target;
            }

            @Override
            public Iterator<LedgerEntry> entries() throws IOException {
                return letters().stream()
                        .filter(letter -> letter.target().equals(target))
                        .map(letter -> entry(letter.group()))
                        .iterator();
            }
        };
    }

    private static LedgerEntry entry(RawLogGroup group) {
        GroupDigest digest = GroupDigest.of(group.bytes().toArray());
        return new LedgerEntry(group.shard(), group.index(), 0, group.length(), digest, group.topic());
    }

    private List<DeadLetter> letters() throws IOException {
        List<DeadLetter> letters = new ArrayList<>();
        DeadLetterDecoder decoder = new DeadLetterDecoder();
        try {
            for (Shard shard : client.listShards(logstore)) {
                read(shard.id(), decoder, letters);
            }
        } catch (SlsException | MalformedLogGroupException e) {
            throw new IOException("the dead letters cannot be read", e);
        }
        if (!decoder.incomplete().isEmpty()) {
            throw new IOException("parts are missing of the dead letters " + decoder.incomplete());
        }
        return letters;
    }

    private void read(int shard, DeadLetterDecoder decoder, List<DeadLetter> letters)
            throws SlsException, MalformedLogGroupException, IOException {
        LogGroupListWalker groups = new LogGroupListWalker();
        String cursor = client.cursor(logstore, shard, new CursorOrigin.Begin());
        while (true) {
            PulledBatch batch = client.pull(new PullRequest(logstore, shard, cursor, PullRequest.MAX_GROUPS, null))
                    .join();
            groups.reset(batch.data(), batch.length());
            while (groups.next()) {
                Reading reading = decoder.read(batch.data(), groups.offset(), groups.length());
                if (!reading.problems().isEmpty() || reading.foreignLogs() > 0) {
                    throw new IOException("what is no dead letter: " + reading);
                }
                letters.addAll(reading.letters());
            }
            if (batch.nextCursor().equals(cursor)) {
                return;
            }
            cursor = batch.nextCursor();
        }
    }
}
