/** What comes beside a capture: the rig manifest, and the archive that the capture kit packs. */
package io.dmascope.producer.ingest.rig;
