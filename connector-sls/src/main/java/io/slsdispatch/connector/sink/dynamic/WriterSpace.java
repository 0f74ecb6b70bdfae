package io.slsdispatch.connector.sink.dynamic;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.InFlightBuffer;
import java.io.IOException;

/** Waits until a buffer of a writer has space. */
@FunctionalInterface
interface WriterSpace {

    /** @throws IOException when the writer has failed */
    void await(InFlightBuffer buffer, RawLogGroup group) throws IOException, InterruptedException;
}
