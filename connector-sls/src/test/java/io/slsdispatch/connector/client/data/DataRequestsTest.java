package io.slsdispatch.connector.client.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.exchange.ApiRequest.Body.NoMemoryException;
import io.slsdispatch.connector.client.exchange.TestBodies;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataRequestsTest {

    @Test
    void aPutForWhichThereIsNoMemoryIsRefusedAndTheProcessGoesOn() {
        RawLogGroup group = new RawLogGroup(new byte[] {0x1a, 1, 't'}, 0, 3, "t", 0, "c", 0);

        assertThatThrownBy(() -> new DataRequests(TestBodies.exhausted())
                        .put(new PutRequest(new LogstoreId("project", "store"), List.of(group), null)))
                .isInstanceOf(NoMemoryException.class)
                .hasMessageContaining("taskmanager.memory.task.off-heap.size");
    }
}
