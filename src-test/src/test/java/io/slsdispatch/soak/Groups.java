package io.slsdispatch.soak;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.LogGroupFields;
import io.slsdispatch.testing.LogGroupBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Makes groups, each different from all others of the same generator. One thread at a time. */
final class Groups {

    private static final int TOPICS_OF_EACH_KIND = 12;
    private static final int TEXT_BYTES = 1 << 20;
    private static final int LARGEST_GROUP = 12_000;
    private static final List<String> KINDS = List.of("web-", "web-", "web-", "audit-", "click-", "both-", "other-");

    private final Random random = new Random(7);
    private final String text;
    private long number;

    Groups() {
        StringBuilder letters = new StringBuilder(TEXT_BYTES);
        random.ints(TEXT_BYTES, ' ', '~').forEach(letter -> letters.append((char) letter));
        this.text = letters.toString();
    }

    /** A random place on the ring. */
    String hashKey() {
        return String.format(Locale.ROOT, "%016x%016x", random.nextLong(), random.nextLong());
    }

    /** At least one, and so many that they have this size together. */
    List<RawLogGroup> ofTogether(long bytes) {
        List<RawLogGroup> groups = new ArrayList<>();
        for (long sum = 0; sum < bytes || groups.isEmpty(); ) {
            byte[] group = group();
            groups.add(new RawLogGroup(group, 0, group.length, "", 0, "", 0));
            sum += group.length;
        }
        return groups;
    }

    /** Sizes from some hundred bytes to some thousand; now and then a form that no client of today writes. */
    private byte[] group() {
        long own = number++;
        int size = 200 + (int) (Math.pow(random.nextDouble(), 3) * LARGEST_GROUP);
        int from = random.nextInt(TEXT_BYTES - size);
        int now = (int) (System.currentTimeMillis() / 1000);
        LogGroupBuilder group =
                logGroup().log(now, "number", Long.toString(own), "text", text.substring(from, from + size));
        String source = "10.0.0." + own % 20;
        String topic = topic();
        LogGroupBuilder whole =
                switch (random.nextInt(50)) {
                    // The topic twice, of which the last one counts, and a field that nobody knows.
                    case 0 ->
                        group.topic("web-wrong").source(source).topic(topic).field(31, (byte) 'a', (byte) 'b', (byte)
                                'c');
                    // A topic that is not UTF-8.
                    case 1 -> group.source(source).field(LogGroupFields.TOPIC, (byte) 0xC3, (byte) 0x28);
                    // No topic.
                    case 2 -> group.source(source);
                    default -> group.topic(topic).source(source);
                };
        return whole.toBytes();
    }

    private String topic() {
        return random.nextInt(30) == 0
                ? Layout.NOISE
                : KINDS.get(random.nextInt(KINDS.size())) + random.nextInt(TOPICS_OF_EACH_KIND);
    }
}
