package io.slsdispatch.bench;

import com.aliyun.openservices.log.common.Logs.Log;
import com.aliyun.openservices.log.common.Logs.LogGroup;
import com.aliyun.openservices.log.common.Logs.LogTag;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Makes log groups of web access logs, about 250 bytes a log. Some fields are all different, such as request ids, some
 * are one of a few, some are in between, so that LZ4 finds about what it finds in such logs. The same seed makes the same
 * groups but for their times. One thread at a time.
 */
final class BenchLogs {

    private static final List<String> METHODS = List.of("GET", "GET", "GET", "GET", "POST", "PUT");
    private static final List<String> WORDS = List.of(
            "api",
            "v2",
            "orders",
            "users",
            "search",
            "cart",
            "stock",
            "images",
            "static",
            "checkout",
            "profile",
            "items");
    private static final List<String> AGENTS = List.of(
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/139.0.0.0 Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
            "okhttp/4.12.0",
            "curl/8.9.1");

    private final Random random;
    private long packs;

    BenchLogs(long seed) {
        this.random = new Random(seed);
    }

    /** The next group of so many logs. */
    byte[] next(String topic, int logs) {
        int host = random.nextInt(40);
        LogGroup.Builder group = LogGroup.newBuilder()
                .setTopic(topic)
                .setSource("192.0.2." + host)
                .addLogTags(tag("__hostname__", "web-" + host + ".example.com"))
                .addLogTags(tag("__pack_id__", String.format(Locale.ROOT, "%016X-%X", random.nextLong(), packs++)));
        int now = (int) Instant.now().getEpochSecond();
        for (int i = 0; i < logs; i++) {
            group.addLogs(log(now));
        }
        return group.build().toByteArray();
    }

    private Log log(int now) {
        Log.Builder log = Log.newBuilder().setTime(now);
        add(log, "remote_addr", "198.51." + random.nextInt(256) + "." + random.nextInt(256));
        add(log, "request", pick(METHODS) + " " + path() + " HTTP/1.1");
        add(log, "status", random.nextInt(30) == 0 ? "404" : "200");
        add(log, "bytes", Integer.toString(random.nextInt(90_000)));
        add(log, "request_time", "0." + (100 + random.nextInt(900)));
        add(log, "request_id", Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong()));
        add(log, "user_agent", pick(AGENTS));
        return log.build();
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            path.append('/').append(pick(WORDS));
        }
        return path.append('/').append(random.nextInt(100_000)).toString();
    }

    private String pick(List<String> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static void add(Log.Builder log, String key, String value) {
        log.addContents(Log.Content.newBuilder().setKey(key).setValue(value));
    }

    private static LogTag tag(String key, String value) {
        return LogTag.newBuilder().setKey(key).setValue(value).build();
    }
}
