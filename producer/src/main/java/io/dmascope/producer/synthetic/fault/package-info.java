/**
 * What made-up drivers and kernels do wrong, and the truth about it: which rule each misdeed
 * breaks, and at which event it shows.
 */
package io.dmascope.producer.synthetic.fault;
