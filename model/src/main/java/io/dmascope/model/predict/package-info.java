/**
 * The model held against recordings: the input of every recorded map is given to the backend that
 * the capture used, and what comes out is compared with what the kernel returned.
 *
 * <p>Two passes over one capture: {@link io.dmascope.model.predict.CaptureSurvey} learns what is
 * not recorded (segment limits, the granule, the bounce pool), {@link
 * io.dmascope.model.predict.PredictionCheck} predicts.
 */
package io.dmascope.model.predict;
