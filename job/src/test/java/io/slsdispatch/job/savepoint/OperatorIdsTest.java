package io.slsdispatch.job.savepoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class OperatorIdsTest {

    /** Whole blocks and what is left of them. */
    private static final int LENGTHS = 40;

    @Test
    void hashIsWhatFlinkMakesOfUidsOfEveryLength() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        DataStream<Long> stream = env.fromSequence(0, 1).uid("source");
        for (int length = 1; length <= LENGTHS; length++) {
            stream = stream.map(number -> number).returns(Long.class).uid("ä".repeat(length % 3) + "x".repeat(length));
        }

        Map<String, String> hashes = new TreeMap<>();
        for (JobVertex vertex : env.getStreamGraph().getJobGraph().getVertices()) {
            for (OperatorIDPair id : vertex.getOperatorIDs()) {
                hashes.put(
                        String.valueOf(id.getUserDefinedOperatorUid()),
                        id.getGeneratedOperatorID().toHexString());
            }
        }

        assertThat(hashes).hasSizeGreaterThan(LENGTHS).allSatisfy((uid, hash) -> assertThat(OperatorIds.hash(uid))
                .isEqualTo(hash));
    }
}
