package io.slsdispatch.bench;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Which topics the groups of a source have. Each begins with the name of the target that it goes to. */
enum Topics {
    /** Three, evenly. */
    THREE("3 topics, evenly"),

    /** Three, one of which has 95 % of the groups. */
    HOT("one topic with 95 % of the bytes"),

    /** 10,000, evenly, that go to three targets. */
    MANY("10,000 topics");

    /** The targets, and where a topic beginning with one goes. */
    static final List<String> TARGETS = List.of("nginx", "sql", "click");

    private static final int MANY_TOPICS = 10_000;
    private static final int HOT_PERCENT = 95;

    private final String text;

    Topics(String text) {
        this.text = text;
    }

    /** As reports call it. */
    String text() {
        return text;
    }

    /** The topics of one group after the other. */
    Supplier<String> sequence() {
        Random random = new Random(1);
        return switch (this) {
            case THREE -> () -> TARGETS.get(random.nextInt(TARGETS.size()));
            case HOT ->
                () -> TARGETS.get(random.nextInt(100) < HOT_PERCENT ? 0 : 1 + random.nextInt(TARGETS.size() - 1));
            case MANY ->
                () -> {
                    int topic = random.nextInt(MANY_TOPICS);
                    return TARGETS.get(topic % TARGETS.size()) + "-" + topic;
                };
        };
    }
}
