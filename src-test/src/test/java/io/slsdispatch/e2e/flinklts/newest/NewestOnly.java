package io.slsdispatch.e2e.flinklts.newest;

import java.io.Serial;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.connector.base.sink.writer.ElementConverter;
import org.apache.flink.connector.base.sink.writer.RequestBuffer;

/** Shows each way not to run on the LTS line of Flink. */
public final class NewestOnly implements Sink<String>, ElementConverter<String, String> {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Enough for the newest; the LTS line demands one with another parameter. */
    @Override
    public SinkWriter<String> createWriter(WriterInitContext context) {
        throw new UnsupportedOperationException();
    }

    /** The LTS line calls one with another parameter. */
    @Override
    public void open(WriterInitContext context) {}

    @Override
    public String apply(String element, SinkWriter.Context context) {
        return element;
    }

    static int sizeOf(RequestBuffer<?> classThatTheLtsLineLacks) {
        return classThatTheLtsLineLacks.size();
    }

    static Object splitsOf(ReaderInfo classThatHadFewerMethods) {
        return classThatHadFewerMethods.getReportedSplitsOnRegistration();
    }
}
