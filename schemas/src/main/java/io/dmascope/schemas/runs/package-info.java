/** The runs of an installation: who follows the live events, and the replays. */
package io.dmascope.schemas.runs;
