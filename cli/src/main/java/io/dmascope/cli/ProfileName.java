package io.dmascope.cli;

import io.dmascope.producer.synthetic.profile.Profile;
import java.util.Arrays;

/** Profiles by the names users give them. */
final class ProfileName extends NamedChoice<Profile> {
  ProfileName() {
    super("profile", Arrays.asList(Profile.values()), Profile::key);
  }
}
