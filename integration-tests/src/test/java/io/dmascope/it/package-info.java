/** Tests of the whole house on real parts. */
package io.dmascope.it;
