package io.slsdispatch.connector.client.exchange;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Map;

/** Answers, for tests of those who read them. */
public final class TestAnswers {

    private TestAnswers() {}

    /** An answer with whatever headers. */
    public static Answer of(int status, Map<String, String> headers, byte[] body) {
        HttpHeaders unchecked =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        headers.forEach(unchecked::set);
        return new Answer(status, unchecked, Unpooled.wrappedBuffer(body));
    }
}
