package io.dmascope.it;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The arrows of docs/architecture.md that Maven cannot hold. Each says why it is there and where
 * the code should go instead.
 */
@AnalyzeClasses(
    packages = "io.dmascope",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestClasses.class})
final class ArchitectureTest {
  /** Leaves tests out also where they were compiled otherwise than by Maven. */
  static final class NoTestClasses implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar") && !location.contains("/test/");
    }
  }

  @ArchTest
  static final ArchRule model_dependsOnTheJdkOnly =
      classes()
          .that()
          .resideInAPackage("io.dmascope.model..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage("io.dmascope.model..", "java..")
                  .and(
                      DescribedPredicate.not(
                          resideInAnyPackage(
                              "java.nio.file..",
                              "java.nio.channels..",
                              "java.net..",
                              "java.time..",
                              "java.util.logging.."))))
          .because(
              "verdicts depend on events alone: no Kafka, no Avro, no logger, no file, no clock."
                  + " What reads or writes belongs to producer, schemas.codec or cli");

  @ArchTest
  static final ArchRule model_hasNoClockAndNoChance =
      noClasses()
          .that()
          .resideInAPackage("io.dmascope.model..")
          .should()
          .accessTargetWhere(isAnyOf("currentTimeMillis", "nanoTime", "random", "randomUUID"))
          .because(
              "the same capture gives the same findings, byte for byte: time comes from the event,"
                  + " chance is an argument");

  @ArchTest
  static final ArchRule ingest_knowsNoKafka =
      noClasses()
          .that()
          .resideInAPackage("io.dmascope.producer.ingest..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "io.dmascope.schemas..", "org.apache.avro..")
          .because(
              "the offline check reads captures without a broker. What sends events belongs to"
                  + " io.dmascope.producer.publish");

  @ArchTest
  static final ArchRule kafkaStreams_staysInTheEngine =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.dmascope.replay..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka.streams..")
          .because(
              "the rest of the house meets the engine in topics only. Put topology, processors and"
                  + " stores into io.dmascope.replay");

  @ArchTest
  static final ArchRule avro_staysInSchemas =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.dmascope.schemas..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.avro..", "io.dmascope.schemas.avro..")
          .because(
              "the lingua franca is TraceEvent and the findings; Avro classes never travel past"
                  + " io.dmascope.schemas.codec. Add or use a codec there");

  @ArchTest
  static final ArchRule broker_staysInTheDemo =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.dmascope.cli.broker..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "kafka..",
              "org.apache.kafka.server..",
              "org.apache.kafka.raft..",
              "org.apache.kafka.metadata..")
          .because(
              "the broker's classes are internal and change with its version. Only"
                  + " io.dmascope.cli.broker starts one");

  @ArchTest static final ArchRule producer_meetsOthersInTopics = meetsOthersInTopics("producer");

  @ArchTest static final ArchRule engine_meetsOthersInTopics = meetsOthersInTopics("replay");

  @ArchTest static final ArchRule analytics_meetsOthersInTopics = meetsOthersInTopics("analytics");

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices()
          .matching("io.dmascope.(**)")
          .should()
          .beFreeOfCycles()
          .because(
              "a cycle is one room with two names: move the class that both need down, or turn one"
                  + " arrow round with an interface");

  @ArchTest
  static final ArchRule nobody_printsPastTheTerminal =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.dmascope.cli..")
          .should()
          .accessTargetWhere(isAnyOf("out", "err"))
          .because(
              "output belongs to the command: return or report it, or log at the edges; commands"
                  + " print through io.dmascope.cli.Terminal");

  private static ArchRule meetsOthersInTopics(String room) {
    String[] others =
        Stream.of("producer", "replay", "analytics", "cli")
            .filter(other -> !other.equals(room))
            .map(other -> "io.dmascope." + other + "..")
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage("io.dmascope." + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .because(
            "producer, replay engine and analytics run on different machines and meet in topics."
                + " What two of them need goes to io.dmascope.schemas or io.dmascope.model; what"
                + " composes them to io.dmascope.cli");
  }

  /** Accesses to members of these names of java.lang.System, java.lang.Math and java.util.UUID. */
  private static DescribedPredicate<JavaAccess<?>> isAnyOf(String... names) {
    Set<String> members = Set.of(names);
    Set<String> owners = Set.of("java.lang.System", "java.lang.Math", "java.util.UUID");
    return describe(
        "System, Math or UUID " + members,
        access -> {
          AccessTarget target = access.getTarget();
          return members.contains(target.getName())
              && owners.contains(target.getOwner().getFullName());
        });
  }
}
