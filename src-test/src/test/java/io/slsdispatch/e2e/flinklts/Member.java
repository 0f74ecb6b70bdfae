package io.slsdispatch.e2e.flinklts;

/**
 * A method or field within its class.
 *
 * @param descriptor its types, as class files write them; that of a method begins with a parenthesis
 */
record Member(String name, String descriptor) {

    /** Whether it is a method, other than a constructor. */
    boolean isMethod() {
        return descriptor.startsWith("(") && !name.startsWith("<");
    }

    @Override
    public String toString() {
        return descriptor.startsWith("(") ? name + descriptor : name + " of type " + descriptor;
    }
}
