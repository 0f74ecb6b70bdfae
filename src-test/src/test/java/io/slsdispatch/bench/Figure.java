package io.slsdispatch.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One measured number beside the table of throughputs.
 *
 * @param bench that measured it
 * @param name what it is
 * @param value not a number when it could not be taken on this system
 * @param unit of the value
 * @param goal what it should be
 */
record Figure(String bench, String name, double value, String unit, Goal goal) {

    /** What is expected of a number. */
    sealed interface Goal {

        boolean isMet(double value);

        String text();

        /** Nothing. */
        record None() implements Goal {
            @Override
            public boolean isMet(double value) {
                return true;
            }

            @Override
            public String text() {
                return "";
            }
        }

        /** At least so much. */
        record AtLeast(double bound) implements Goal {
            @Override
            public boolean isMet(double value) {
                return value >= bound;
            }

            @Override
            public String text() {
                return ">= " + Report.number(bound);
            }
        }

        /** At most so much. */
        record AtMost(double bound) implements Goal {
            @Override
            public boolean isMet(double value) {
                return value <= bound;
            }

            @Override
            public String text() {
                return "<= " + Report.number(bound);
            }
        }
    }

    static Figure of(String bench, String name, double value, String unit) {
        return new Figure(bench, name, value, unit, new Goal.None());
    }

    static Figure atLeast(double bound, String bench, String name, double value, String unit) {
        return new Figure(bench, name, value, unit, new Goal.AtLeast(bound));
    }

    static Figure atMost(double bound, String bench, String name, double value, String unit) {
        return new Figure(bench, name, value, unit, new Goal.AtMost(bound));
    }

    boolean hasGoal() {
        return !(goal instanceof Goal.None);
    }

    /** Empty without a goal. */
    String verdict() {
        return !hasGoal() ? "" : goal.isMet(value) ? "met" : "MISSED";
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("bench", bench);
        json.put("name", name);
        if (Double.isFinite(value)) {
            json.put("value", Math.round(value * 1000) / 1000.0);
        } else {
            json.putNull("value");
        }
        json.put("unit", unit);
        if (hasGoal()) {
            json.put("goal", goal.text());
            json.put("met", goal.isMet(value));
        }
        return json;
    }
}
