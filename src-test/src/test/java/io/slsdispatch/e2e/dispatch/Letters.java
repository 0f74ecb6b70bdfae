package io.slsdispatch.e2e.dispatch;

import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.connector.deadletter.DeadLetter.Reason;
import io.slsdispatch.connector.deadletter.DeadLetterEncoder;
import io.slsdispatch.connector.deadletter.DeadLetterEncoder.Encoded;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.local.SlsLocal;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** Dead letters as a job stores them, put into a logstore without a job. */
final class Letters {

    static final LogstoreId LOGSTORE = new LogstoreId(Rig.PROJECT, "dead-letters");

    private final SlsLocal sls;
    private final DeadLetterEncoder encoder = new DeadLetterEncoder(new Random(7));
    private int count;

    Letters(SlsLocal sls) {
        this.sls = sls;
    }

    /** A letter for the target of this name, and its logstore of the same name. */
    DeadLetter of(String target, Cause cause, Instant time, byte[] group) {
        return of(target, new LogstoreId(Rig.PROJECT, target), cause, time, group);
    }

    DeadLetter of(String target, LogstoreId logstore, Cause cause, Instant time, byte[] group) {
        RawLogGroup raw = new RawLogGroup(group, 0, group.length, "topic", 0, "MTIz", count++);
        Reason reason = new Reason(cause, "Code", 400, "request", "as the test wants it");
        return new DeadLetter(raw, target, logstore, reason, time);
    }

    /** Stores a letter as a whole. */
    void store(int shard, DeadLetter letter) {
        Encoded encoded = encoder.encode(letter);
        for (int chunk = 0; chunk < encoded.chunks(); chunk++) {
            storeLog(shard, encoded.log(chunk));
        }
    }

    Encoded encode(DeadLetter letter) {
        return encoder.encode(letter);
    }

    /** Stores one of the logs of a letter. */
    void storeLog(int shard, byte[] log) {
        sls.put(LOGSTORE.project(), LOGSTORE.logstore(), shard, DeadLetterEncoder.group(List.of(log)));
    }
}
