/** Inputs that nobody meant: mutants of valid ones, for the tests of whatever reads what others send. */
package io.slsdispatch.connector.fuzz;
