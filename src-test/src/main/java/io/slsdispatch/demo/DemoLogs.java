package io.slsdispatch.demo;

import com.aliyun.openservices.log.common.Logs.Log;
import com.aliyun.openservices.log.common.Logs.LogGroup;
import com.aliyun.openservices.log.common.Logs.LogTag;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Generates log groups like those of a web shop: nginx access logs, the audit log of its database, clicks of its
 * visitors, a health check that is not routed, and from some time on those of an app that no rule names. The same seed generates the same groups, except for their times.
 *
 * <p>Not safe for use by several threads at a time.
 */
final class DemoLogs {

    static final String NGINX = "nginx";
    static final String SQL_AUDIT = "sql_audit";
    static final String CLICK = "click";
    /** A topic that begins while the demo runs, and that no rule names. */
    static final String NEW_APP = "app-mobile";
    /** A topic that the demo's configuration routes nowhere. */
    static final String HEALTH_CHECK = "health_check";

    private static final List<String> PATHS = List.of(
            "/", "/cart", "/checkout", "/search?q=teapot", "/item/1042", "/item/77", "/img/logo.svg", "/api/v2/stock");
    private static final List<String> AGENTS = List.of(
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15",
            "curl/8.9.1");
    private static final List<String> TABLES = List.of("orders", "customers", "stock", "invoices");
    private static final List<String> ELEMENTS = List.of("buy-button", "search-box", "banner", "footer-link");

    private final Random random;
    private long packs;
    private volatile boolean hasNewApp;

    DemoLogs(long seed) {
        this.random = new Random(seed);
    }

    /** From now on, every fifth group is of a new topic. May be called from another thread. */
    void beginNewApp() {
        hasNewApp = true;
    }

    /** The next group: mostly nginx, then clicks, some SQL, a few health checks. */
    LogGroup next(Instant now) {
        if (hasNewApp && random.nextInt(5) == 0) {
            return group(NEW_APP, now, 1 + random.nextInt(20));
        }
        int dice = random.nextInt(100);
        if (dice < 50) {
            return group(NGINX, now, 5 + random.nextInt(25));
        }
        if (dice < 75) {
            return group(CLICK, now, 1 + random.nextInt(40));
        }
        return dice < 92 ? group(SQL_AUDIT, now, 1 + random.nextInt(10)) : group(HEALTH_CHECK, now, 1);
    }

    private LogGroup group(String topic, Instant now, int logs) {
        int host = random.nextInt(12);
        LogGroup.Builder group = LogGroup.newBuilder()
                .setTopic(topic)
                .setSource("192.0.2." + (10 + host))
                .addLogTags(tag("__hostname__", "web-" + host))
                .addLogTags(tag("__pack_id__", String.format(Locale.ROOT, "%016X-%X", host * 7919L, packs++)));
        for (int i = 0; i < logs; i++) {
            group.addLogs(log(topic, now));
        }
        return group.build();
    }

    private Log log(String topic, Instant now) {
        Log.Builder log = Log.newBuilder().setTime((int) now.getEpochSecond());
        switch (topic) {
            case NGINX -> {
                add(log, "remote_addr", "198.51.100." + random.nextInt(256));
                add(log, "request", "GET " + pick(PATHS) + " HTTP/1.1");
                add(log, "status", random.nextInt(50) == 0 ? "502" : "200");
                add(log, "body_bytes_sent", Integer.toString(random.nextInt(90_000)));
                add(log, "request_time", "0." + (10 + random.nextInt(90)));
                add(log, "http_user_agent", pick(AGENTS));
            }
            case SQL_AUDIT -> {
                String table = pick(TABLES);
                add(log, "user", "shop_" + random.nextInt(4));
                add(log, "sql", "SELECT * FROM " + table + " WHERE id = " + random.nextInt(1_000_000));
                add(log, "latency_us", Integer.toString(80 + random.nextInt(20_000)));
                add(log, "rows", Integer.toString(random.nextInt(30)));
            }
            case CLICK, NEW_APP -> {
                add(log, "visitor", Long.toHexString(random.nextLong()));
                add(log, "page", pick(PATHS));
                add(log, "element", pick(ELEMENTS));
            }
            default -> add(log, "alive", "true");
        }
        return log.build();
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
