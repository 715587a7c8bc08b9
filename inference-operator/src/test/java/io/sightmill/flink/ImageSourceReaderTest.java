package io.sightmill.flink;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.engine.Reason;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.schema.ImageSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageSourceReaderTest {

    private static final byte[] PIXELS = "pixels".getBytes(US_ASCII);

    @TempDir Path directory;

    private Path images;
    private ImageSourceReader reader;

    @BeforeEach
    void anAllowedDirectoryAndASecretBesideIt() throws IOException {
        images = Files.createDirectory(directory.resolve("images"));
        Files.write(images.resolve("a b.png"), PIXELS);
        Files.write(directory.resolve("secret"), PIXELS);
        reader =
                new ImageSourceReader(
                        OperatorOptions.from(
                                Map.of(
                                        "allowed-directories",
                                        images.toString(),
                                        "max-image-bytes",
                                        "10")));
    }

    @Test
    void inlineContentIsTakenWithItsDigest() throws Exception {
        var image = reader.read(inline(PIXELS, null));

        assertThat(image.content()).isEqualTo(PIXELS);
        assertThat(image.sha256()).isEqualTo(Digest.of(PIXELS));
    }

    @Test
    void aFileBelowAnAllowedDirectoryIsRead() throws Exception {
        var source = file(images.resolve("a b.png").toUri().toString(), Digest.of(PIXELS));

        assertThat(reader.read(source).content()).isEqualTo(PIXELS);
    }

    @Test
    void otherBytesThanTheRequestSaysAreRejected() {
        assertRejected(inline(PIXELS, "0".repeat(64)), Reason.CHECKSUM_MISMATCH);
    }

    @Test
    void noBytesAreRejected() {
        assertRejected(inline(new byte[0], null), Reason.EMPTY_IMAGE);
    }

    @Test
    void moreBytesThanTheLimitAreRejectedHoweverTheyCome() throws IOException {
        Path large = Files.write(images.resolve("large"), new byte[11]);

        assertRejected(inline(new byte[11], null), Reason.TOO_LARGE);
        assertRejected(file(large.toUri().toString(), null), Reason.TOO_LARGE);
    }

    @Test
    void aFileOutsideIsNotRead() {
        assertRejected(
                file(directory.resolve("secret").toUri().toString(), null),
                Reason.SOURCE_NOT_ALLOWED);
        assertRejected(file("file://" + images + "/../secret", null), Reason.SOURCE_NOT_ALLOWED);
        assertRejected(
                file("file://" + images + "/%2e%2e/secret", null), Reason.SOURCE_NOT_ALLOWED);
        assertRejected(file("file://" + images + "-other/x", null), Reason.SOURCE_NOT_ALLOWED);
    }

    @Test
    void aSymbolicLinkDoesNotLeadOutside() throws IOException {
        Files.createSymbolicLink(images.resolve("link"), directory.resolve("secret"));

        assertRejected(file("file://" + images + "/link", null), Reason.SOURCE_NOT_ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/a.png",
                "jar:file:/a.jar!/a.png",
                "file://host/a.png",
                "file:relative.png",
                "a.png",
                "file:///%00",
                ":::",
                ""
            })
    void nothingButLocalFilesIsRead(String uri) {
        assertRejected(file(uri, "0".repeat(64)), Reason.SOURCE_NOT_ALLOWED);
    }

    @Test
    void withoutAllowedDirectoriesNoFileIsRead() {
        reader = new ImageSourceReader(OperatorOptions.defaults());

        assertRejected(
                file(images.resolve("a b.png").toUri().toString(), null),
                Reason.SOURCE_NOT_ALLOWED);
    }

    @Test
    void aMissingFileAndADirectoryAreUnavailable() {
        assertRejected(file("file://" + images + "/none", null), Reason.IMAGE_UNAVAILABLE);
        assertRejected(file("file://" + images, null), Reason.IMAGE_UNAVAILABLE);
    }

    @Test
    void storageIsReadBelowAllowedPrefixesOnly() {
        reader =
                new ImageSourceReader(
                        OperatorOptions.from(Map.of("allowed-directories", "s3://bucket/images")));
        String digest = "0".repeat(64);

        for (String uri :
                new String[] {
                    "s3://other/images/a",
                    "s3://bucket/a",
                    "s3://bucket/images-other/a",
                    "s3://bucket/images/../a",
                    "s3://bucket/images/%2e%2e/a",
                    "s3://bucket/images//a",
                    "s3://bucket/images/a?versionId=1",
                    "s3://user@bucket/images/a",
                    "hdfs://bucket/images/a"
                }) {
            assertRejected(file(uri, digest), Reason.SOURCE_NOT_ALLOWED);
        }
        assertRejected(file("s3://bucket/images/a", null), Reason.IMAGE_SOURCE);
    }

    @Test
    void aPrefixThatNothingCanReadIsToldAtTheStart() {
        reader =
                new ImageSourceReader(
                        OperatorOptions.from(Map.of("allowed-directories", "s3://bucket/images")));

        assertThatThrownBy(() -> reader.requireFileSystems())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("s3://bucket/images")
                .hasMessageContaining("plugins");
    }

    private void assertRejected(ImageSource source, Reason reason) {
        assertThatThrownBy(() -> reader.read(source))
                .isInstanceOfSatisfying(
                        RequestRejectedException.class,
                        rejected -> assertThat(rejected.reason()).isEqualTo(reason));
    }

    private static ImageSource inline(byte[] content, String sha256) {
        return ImageSource.newBuilder()
                .setContent(ByteBuffer.wrap(content))
                .setSha256(sha256)
                .build();
    }

    private static ImageSource file(String uri, String sha256) {
        return ImageSource.newBuilder().setUri(uri).setSha256(sha256).build();
    }
}
