/**
 * The soak: a real cluster under steady load, and a random schedule of faults, reshards, kills and rescales that its
 * seed repeats. At the end every group of the source must be accounted for, and repeats must be within their bound.
 */
package io.slsdispatch.soak;
