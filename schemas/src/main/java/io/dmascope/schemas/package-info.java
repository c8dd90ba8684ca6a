/** What the topics carry and how they are set up. */
package io.dmascope.schemas;
