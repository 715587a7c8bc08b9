package io.sightmill.ingest.claim;

import io.sightmill.schema.ImageSource;
import io.sightmill.schema.VisionRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Puts the large images of a request into a store and their references into the request, so that
 * topics and checkpoints stay small. Thread-safe if the store is.
 */
public final class ClaimCheck implements AutoCloseable {

    private final ImageStore store;
    private final int inlineBytes;

    /**
     * A request whose large images are stored.
     *
     * @param created those that were not in the store before
     */
    public record Checked(VisionRequest request, List<URI> created) {

        public Checked {
            created = List.copyOf(created);
        }
    }

    /**
     * @param store closed with this
     * @param inlineBytes largest image that stays in its request
     */
    public ClaimCheck(ImageStore store, int inlineBytes) {
        this.store = Objects.requireNonNull(store, "store");
        this.inlineBytes = inlineBytes;
        if (inlineBytes < 0) {
            throw new IllegalArgumentException(
                    "claim.check.bytes is " + inlineBytes + " and must be 0 or more");
        }
    }

    /**
     * The request with each large inline image replaced by its address and SHA-256. A SHA-256 that
     * the sender gave is kept as it is, so that a wrong one is still found out by whoever reads.
     *
     * @return the same request if none is large; it is never changed
     * @throws IOException if the store does not take an image
     */
    public Checked check(VisionRequest request) throws IOException {
        if (request.getImages().stream().noneMatch(this::isLarge)) {
            return new Checked(request, List.of());
        }
        List<ImageSource> images = new ArrayList<>(request.getImages().size());
        List<URI> created = new ArrayList<>();
        for (ImageSource image : request.getImages()) {
            images.add(isLarge(image) ? stored(image, created) : image);
        }
        // Shallow on purpose: a builder would copy the images' bytes.
        VisionRequest checked =
                new VisionRequest(
                        request.getRequestId(),
                        images,
                        request.getTasks(),
                        request.getLane(),
                        request.getTenant(),
                        request.getCreatedAt(),
                        request.getDeadline(),
                        request.getAttributes());
        return new Checked(checked, created);
    }

    private boolean isLarge(ImageSource image) {
        return image.getContent() != null && image.getContent().remaining() > inlineBytes;
    }

    private ImageSource stored(ImageSource image, List<URI> created) throws IOException {
        ByteBuffer content = image.getContent();
        String sha256 = ContentKey.sha256(content);
        ImageStore.Stored stored = store.put(content, sha256);
        if (stored.isNew()) {
            created.add(stored.uri());
        }
        return new ImageSource(
                null,
                stored.uri().toString(),
                image.getMediaType(),
                image.getSha256() == null ? sha256 : image.getSha256());
    }

    @Override
    public void close() {
        store.close();
    }
}
