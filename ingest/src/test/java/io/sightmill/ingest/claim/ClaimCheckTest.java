package io.sightmill.ingest.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.ingest.Requests;
import io.sightmill.schema.ImageSource;
import io.sightmill.schema.VisionRequest;
import io.sightmill.schema.codec.RecordCodec;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimCheckTest {

    private static final int INLINE_BYTES = 100;

    @TempDir Path store;

    private ClaimCheck claims;

    @BeforeEach
    void aClaimCheck() throws Exception {
        claims =
                new ClaimCheck(
                        new DirectoryImageStore(store, InstantSource.system()), INLINE_BYTES);
    }

    @Test
    void aLargeImageIsReferredToAndEverythingElseStays() throws Exception {
        VisionRequest request = request(image(101, 1), image(100, 2));
        byte[] before = RecordCodec.of(VisionRequest.class).encode(request);

        ClaimCheck.Checked checked = claims.check(request);

        ImageSource large = checked.request().getImages().get(0);
        assertThat(large.getContent()).isNull();
        assertThat(large.getMediaType()).isEqualTo("image/png");
        assertThat(large.getSha256()).isEqualTo(ContentKey.sha256(bytes(101, 1)));
        assertThat(Files.readAllBytes(Path.of(URI.create(large.getUri()))))
                .isEqualTo(bytes(101, 1).array());
        assertThat(checked.created()).containsExactly(URI.create(large.getUri()));
        assertThat(checked.request().getImages().get(1)).isSameAs(request.getImages().get(1));
        assertThat(checked.request().getTasks()).isEqualTo(request.getTasks());
        assertThat(RecordCodec.of(VisionRequest.class).encode(request)).isEqualTo(before);
    }

    @Test
    void aRequestOfSmallImagesIsTheSame() throws Exception {
        VisionRequest request = request(image(100, 1));

        assertThat(claims.check(request).request()).isSameAs(request);
        assertThat(store).isEmptyDirectory();
    }

    @Test
    void aDigestThatTheSenderGaveIsKeptSoThatAWrongOneIsFoundOut() throws Exception {
        ImageSource image = image(101, 1);
        image.setSha256("0".repeat(64));

        ImageSource checked = claims.check(request(image)).request().getImages().get(0);

        assertThat(checked.getSha256()).isEqualTo("0".repeat(64));
        assertThat(checked.getUri()).endsWith(ContentKey.sha256(bytes(101, 1)));
    }

    @Test
    void whatLiesThereAlreadyWasNotCreated() throws Exception {
        claims.check(request(image(101, 1)));

        assertThat(claims.check(request(image(101, 1))).created()).isEmpty();
    }

    private static VisionRequest request(ImageSource... images) {
        return Requests.with(request -> request.setImages(List.of(images)));
    }

    private static ImageSource image(int size, int fill) {
        return ImageSource.newBuilder()
                .setContent(bytes(size, fill))
                .setMediaType("image/png")
                .build();
    }

    private static ByteBuffer bytes(int size, int fill) {
        byte[] bytes = new byte[size];
        bytes[0] = (byte) fill;
        return ByteBuffer.wrap(bytes);
    }
}
