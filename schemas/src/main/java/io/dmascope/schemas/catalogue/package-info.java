/** The captures of an installation, as the captures topic lists them. */
package io.dmascope.schemas.catalogue;
