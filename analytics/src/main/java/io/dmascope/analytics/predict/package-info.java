/** What the model predicts about a recording, told to people and to programs. */
package io.dmascope.analytics.predict;
