package io.sightmill.ingest.claim;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Images in a bucket of S3 or of what speaks its protocol. Credentials come from where the AWS SDK
 * looks for them: environment, system properties, profile, the machine's role.
 *
 * <p>An object that is there is written again once it is a day old, because a bucket's lifecycle
 * counts from the last writing.
 */
public final class S3ImageStore implements ImageStore {

    private static final Duration REFRESH = Duration.ofDays(1);
    private static final int NOT_FOUND = 404;

    private final S3Client client;
    private final S3Location location;
    private final InstantSource clock;

    /**
     * @param location bucket, and what every key begins with
     * @param endpoint of another service than Amazon's; buckets are then part of the path
     * @param region as the service names it
     * @param clock what the age of objects goes by
     */
    public static S3ImageStore open(
            S3Location location, Optional<URI> endpoint, String region, InstantSource clock) {
        S3ClientBuilder builder =
                S3Client.builder()
                        .region(Region.of(region))
                        // The key is the content's checksum; not every service takes another one.
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED);
        endpoint.ifPresent(uri -> builder.endpointOverride(uri).forcePathStyle(true));
        return new S3ImageStore(builder.build(), location, clock);
    }

    private S3ImageStore(S3Client client, S3Location location, InstantSource clock) {
        this.client = client;
        this.location = location;
        this.clock = clock;
    }

    @Override
    public Stored put(ByteBuffer content, String sha256) throws IOException {
        String key = location.prefix() + ContentKey.of(sha256);
        URI uri = URI.create("s3://" + location.bucket() + "/" + key);
        try {
            Optional<HeadObjectResponse> there = head(key);
            if (there.isEmpty() || isToBeWrittenAgain(there.get(), content.remaining())) {
                client.putObject(
                        request -> request.bucket(location.bucket()).key(key),
                        RequestBody.fromRemainingByteBuffer(content.duplicate()));
            }
            return new Stored(uri, there.isEmpty());
        } catch (SdkException exception) {
            throw new IOException(
                    "cannot store an image as " + uri + ": " + exception.getMessage(), exception);
        }
    }

    private boolean isToBeWrittenAgain(HeadObjectResponse there, int bytes) {
        return there.contentLength() != bytes
                || there.lastModified().isBefore(clock.instant().minus(REFRESH));
    }

    private Optional<HeadObjectResponse> head(String key) {
        try {
            return Optional.of(
                    client.headObject(request -> request.bucket(location.bucket()).key(key)));
        } catch (S3Exception exception) {
            if (exception.statusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw exception;
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
