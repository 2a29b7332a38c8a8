# cython: language_level=3, binding=False, embedsignature=True
"""Measured-hot byte and pixel loops; callers check shape, dtype and contiguity before they come here."""
cimport cython
from cpython.bytearray cimport PyByteArray_AS_STRING
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.math cimport fabs, sqrt
from libc.stdint cimport int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcmp, memcpy, memmove, memset

cdef extern from *:
    """
    #include <stdint.h>
    /* Compilers do not turn short dot products into multiply-adds by themselves: 3 to 5 times slower there. */
    #if defined(__SSE2__)
    #include <emmintrin.h>
    static inline int32_t dot_eights(const uint16_t *values, const int16_t *weights, int count) {
        __m128i sum = _mm_setzero_si128();
        for (int i = 0; i < count; i++)
            sum = _mm_add_epi32(sum, _mm_madd_epi16(_mm_loadu_si128((const __m128i *)values + i),
                                                    _mm_loadu_si128((const __m128i *)weights + i)));
        sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4E));
        return _mm_cvtsi128_si32(_mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xB1)));
    }
    #else
    static inline int32_t dot_eights(const uint16_t *values, const int16_t *weights, int count) {
        int32_t sum = 0;
        for (int i = 0; i < 8 * count; i++)
            sum += (int32_t)(int16_t)values[i] * weights[i];
        return sum;
    }
    #endif
    """
    int32_t dot_eights(const uint16_t* values, const int16_t* weights, int count) noexcept nogil


cdef extern from *:
    """
    /* The same loop for every x86, and eight values at a time for those since 2013 (AVX2), chosen at run time. */
    static void blend_rows_anywhere(const uint8_t *upper, const uint8_t *lower, float share, Py_ssize_t size, float *row) {
        const float scale = (float)(1.0 / 255.0);
        for (Py_ssize_t x = 0; x < size; x++)
            row[x] = (upper[x] + ((float)lower[x] - (float)upper[x]) * share) * scale;
    }
    #if defined(__x86_64__) && defined(__GNUC__)
    #include <immintrin.h>
    __attribute__((target("avx2")))
    static void blend_rows_avx2(const uint8_t *upper, const uint8_t *lower, float share, Py_ssize_t size, float *row) {
        const __m256 shares = _mm256_set1_ps(share), scale = _mm256_set1_ps((float)(1.0 / 255.0));
        Py_ssize_t x = 0;
        for (; x + 8 <= size; x += 8) {
            __m256 a = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(upper + x))));
            __m256 b = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(lower + x))));
            __m256 part = _mm256_mul_ps(_mm256_sub_ps(b, a), shares);
            _mm256_storeu_ps(row + x, _mm256_mul_ps(_mm256_add_ps(a, part), scale));
        }
        blend_rows_anywhere(upper + x, lower + x, share, size - x, row + x);
    }
    #define PAIR(list, x) _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(row + list[x])), \\
                                               _mm_loadu_ps(row + list[x + 4]), 1)
    /* Eight pixels at a time: x and x + 4 side by side, then b g r b g r... turned into three planes. */
    __attribute__((target("avx2")))
    static Py_ssize_t blend_eights(const float *row, const int32_t *first, const int32_t *second, const float *share,
                                   Py_ssize_t count, float *red, float *green, float *blue) {
        Py_ssize_t x = 0;
        for (; x + 8 <= count; x += 8) {
            __m256 p[4], shares = _mm256_loadu_ps(share + x);
            #define BLEND(i) {                                                                              \\
                __m256 from = PAIR(first, x + i), to = PAIR(second, x + i);                                 \\
                __m256 part = _mm256_mul_ps(_mm256_sub_ps(to, from), _mm256_permute_ps(shares, i * 0x55));  \\
                p[i] = _mm256_add_ps(from, part);                                                           \\
            }
            BLEND(0) BLEND(1) BLEND(2) BLEND(3)
            __m256 low = _mm256_unpacklo_ps(p[0], p[1]), high = _mm256_unpacklo_ps(p[2], p[3]);
            __m256 third = _mm256_unpackhi_ps(p[0], p[1]), last = _mm256_unpackhi_ps(p[2], p[3]);
            _mm256_storeu_ps(blue + x, _mm256_shuffle_ps(low, high, 0x44));
            _mm256_storeu_ps(green + x, _mm256_shuffle_ps(low, high, 0xEE));
            _mm256_storeu_ps(red + x, _mm256_shuffle_ps(third, last, 0x44));
        }
        return x;
    }
    static int has_avx2(void) { return __builtin_cpu_supports("avx2"); }
    #else
    #define blend_rows_avx2 blend_rows_anywhere
    #define blend_eights(row, first, second, share, count, red, green, blue) 0
    #define has_avx2() 0
    #endif
    """
    void blend_rows_anywhere(const uint8_t* upper, const uint8_t* lower, float share, Py_ssize_t size,
                             float* row) noexcept nogil
    void blend_rows_avx2(const uint8_t* upper, const uint8_t* lower, float share, Py_ssize_t size,
                         float* row) noexcept nogil
    Py_ssize_t blend_eights(const float* row, const int32_t* first, const int32_t* second, const float* share,
                            Py_ssize_t count, float* red, float* green, float* blue) noexcept nogil
    int has_avx2() noexcept nogil


cdef enum:
    TILES = 8              # along each side, in picture_stats
    PATCH = 4              # pixels along each side of a tile in change
    MAX_FACTOR = 16        # 16 * 16 pixels times 255 times 2**14 fit 31 bits
    WEIGHT_BLUE = 1868     # ITU-R BT.601 luma weights times 2**14; they add up to exactly 2**14
    WEIGHT_GREEN = 9617
    WEIGHT_RED = 4899
    WEIGHT_BITS = 14
    COUNT_RUN = 240        # a byte counter cannot overflow within one run
    SQUARE_RUN = 16384     # 16384 * 255**2 stays within 31 bits
    EDGE_RUN = 2048        # 2048 * 1020**2 stays within 31 bits


cdef inline void xor_bytes(const uint8_t* source, uint8_t* target, Py_ssize_t size,
                           const uint8_t* mask, Py_ssize_t offset) noexcept nogil:
    cdef uint8_t wide[8]
    cdef uint64_t key, word
    cdef Py_ssize_t i
    for i in range(8):
        wide[i] = mask[(offset + i) & 3]
    memcpy(&key, wide, 8)
    for i in range(size >> 3):
        memcpy(&word, source + 8 * i, 8)  # memcpy: the compiler emits an unaligned vector load
        word ^= key
        memcpy(target + 8 * i, &word, 8)
    for i in range(size & ~<Py_ssize_t>7, size):
        target[i] = source[i] ^ wide[i & 7]


def unmask(const uint8_t[::1] payload not None, const uint8_t[::1] mask not None, Py_ssize_t offset=0):
    """Return payload XORed with the 4-byte WebSocket mask, for frames from a browser (RFC 6455, 5.3)."""
    if mask.shape[0] != 4:
        raise ValueError("a WebSocket mask has 4 bytes")
    cdef Py_ssize_t size = payload.shape[0]
    cdef bytes result = PyBytes_FromStringAndSize(NULL, size)
    if size:
        xor_bytes(&payload[0], <uint8_t*>PyBytes_AS_STRING(result), size, &mask[0], offset)
    return result


cdef inline uint32_t sum_row(const uint8_t* row, Py_ssize_t size) noexcept nogil:
    cdef uint32_t total = 0
    cdef Py_ssize_t x
    for x in range(size):
        total += row[x]
    return total


cdef inline uint64_t sum_squares(const uint8_t* row, Py_ssize_t size) noexcept nogil:
    cdef int32_t total = 0
    cdef int16_t value
    cdef uint64_t result = 0
    cdef Py_ssize_t x, begin, end
    begin = 0
    while begin < size:
        end = min(begin + <Py_ssize_t>SQUARE_RUN, size)
        total = 0
        for x in range(begin, end):
            value = row[x]
            total += <int32_t>value * value
        result += <uint64_t>total
        begin = end
    return result


cdef inline void count_ends(const uint8_t* row, Py_ssize_t size, uint8_t dark_at, uint8_t bright_at,
                            uint64_t* dark, uint64_t* bright) noexcept nogil:
    cdef Py_ssize_t x, begin, end
    cdef uint8_t low, high
    begin = 0
    while begin < size:
        end = min(begin + <Py_ssize_t>COUNT_RUN, size)
        low = 0
        high = 0
        for x in range(begin, end):
            low += row[x] <= dark_at
            high += row[x] >= bright_at
        dark[0] += low
        bright[0] += high
        begin = end


cdef inline void laplacian_row(const uint8_t* above, const uint8_t* row, const uint8_t* below,
                               Py_ssize_t width, int64_t* total, int64_t* squares) noexcept nogil:
    cdef int32_t sum_part, square_part
    cdef int16_t value
    cdef Py_ssize_t x, begin, end
    begin = 1
    while begin < width - 1:
        end = min(begin + <Py_ssize_t>EDGE_RUN, width - 1)
        sum_part = 0
        square_part = 0
        for x in range(begin, end):
            value = <int16_t>(above[x] + below[x] + row[x - 1] + row[x + 1] - 4 * row[x])
            sum_part += value
            square_part += <int32_t>value * value
        total[0] += sum_part
        squares[0] += square_part
        begin = end


cdef double spread_of(const double* means, Py_ssize_t count) noexcept nogil:
    cdef double total = 0, square = 0
    cdef Py_ssize_t i
    for i in range(count):
        total += means[i]
    total /= count
    for i in range(count):
        square += (means[i] - total) * (means[i] - total)
    return sqrt(square / count)


@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
def picture_stats(const uint8_t[:, ::1] gray not None, uint8_t dark_at, uint8_t bright_at):
    """Return (mean, variance, dark share, bright share, Laplacian variance, tile spread) in one pass."""
    cdef Py_ssize_t height = gray.shape[0], width = gray.shape[1], pixels = height * width
    cdef Py_ssize_t rows = min(<Py_ssize_t>TILES, height), columns = min(<Py_ssize_t>TILES, width)
    cdef Py_ssize_t y, tile_y, tile_x, left, right, top, bottom, inner = (height - 2) * (width - 2)
    cdef uint64_t sums[TILES]
    cdef double means[TILES * TILES]
    cdef uint64_t total = 0, squares = 0, dark = 0, bright = 0
    cdef int64_t edge = 0, edge_squares = 0
    cdef const uint8_t* row
    cdef double mean, edge_mean, sharpness = 0
    with nogil:
        for tile_y in range(rows):
            top = height * tile_y // rows
            bottom = height * (tile_y + 1) // rows
            for tile_x in range(columns):
                sums[tile_x] = 0
            for y in range(top, bottom):
                row = &gray[y, 0]
                for tile_x in range(columns):
                    left = width * tile_x // columns
                    right = width * (tile_x + 1) // columns
                    sums[tile_x] += sum_row(row + left, right - left)
                squares += sum_squares(row, width)
                count_ends(row, width, dark_at, bright_at, &dark, &bright)
                if 0 < y < height - 1:
                    laplacian_row(row - width, row, row + width, width, &edge, &edge_squares)
            for tile_x in range(columns):
                left = width * tile_x // columns
                right = width * (tile_x + 1) // columns
                total += sums[tile_x]
                means[tile_y * columns + tile_x] = <double>sums[tile_x] / ((right - left) * (bottom - top))
        mean = <double>total / pixels
        if height > 2 and width > 2:
            edge_mean = <double>edge / inner
            sharpness = <double>edge_squares / inner - edge_mean * edge_mean
    return (mean, <double>squares / pixels - mean * mean, <double>dark / pixels, <double>bright / pixels,
            sharpness, spread_of(means, rows * columns))


@cython.boundscheck(False)
@cython.wraparound(False)
def difference(const uint8_t[::1] first not None, const uint8_t[::1] second not None, uint8_t threshold):
    """Return (mean absolute difference, share of pixels that differ by more than threshold)."""
    cdef Py_ssize_t size = first.shape[0], x, begin = 0, end
    cdef uint64_t total = 0, changed = 0
    cdef uint32_t part
    cdef uint8_t count, low, high, gap
    cdef const uint8_t* a = &first[0]
    cdef const uint8_t* b = &second[0]
    with nogil:
        while begin < size:
            end = min(begin + <Py_ssize_t>COUNT_RUN, size)
            part = 0
            count = 0
            for x in range(begin, end):
                low = min(a[x], b[x])
                high = max(a[x], b[x])
                gap = high - low
                part += gap
                count += gap > threshold
            total += part
            changed += count
            begin = end
    return <double>total / size, <double>changed / size


cdef inline int64_t add_gaps(const uint8_t* a, const uint8_t* b, Py_ssize_t size, uint8_t threshold,
                             int16_t* sums) noexcept nogil:
    cdef Py_ssize_t x, begin = 0, end
    cdef int64_t changed = 0
    cdef uint8_t count, low, high
    while begin < size:  # in pieces that a byte can count, so that sixteen pixels are counted at once
        end = min(begin + 240, size)
        count = 0
        for x in range(begin, end):
            sums[x] += <int16_t>(<int16_t>a[x] - <int16_t>b[x])
            low = min(a[x], b[x])
            high = max(a[x], b[x])
            count += <uint8_t>(high - low) > threshold
        changed += count
        begin = end
    return changed


@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
def change(const uint8_t[:, ::1] first not None, const uint8_t[:, ::1] second not None, uint8_t threshold):
    """Return (mean difference, largest mean difference of a 4 x 4 tile, share differing by more than threshold)."""
    cdef Py_ssize_t height = first.shape[0], width = first.shape[1], y, x, tile_x, tile_y, left, right, top, bottom
    cdef Py_ssize_t rows = max(<Py_ssize_t>1, height // PATCH), columns = max(<Py_ssize_t>1, width // PATCH)
    cdef int64_t total = 0, changed = 0
    cdef int32_t part
    cdef double largest = 0
    cdef int16_t* sums = <int16_t*>calloc(width, sizeof(int16_t))  # of at most 7 rows: they fit 16 bits
    if sums == NULL:
        raise MemoryError()
    with nogil:
        bottom = 0
        for tile_y in range(rows):
            top = bottom
            bottom = (tile_y + 1) * height // rows
            for y in range(top, bottom):
                changed += add_gaps(&first[y, 0], &second[y, 0], width, threshold, sums)
            right = 0
            for tile_x in range(columns):
                left = right
                right = (tile_x + 1) * width // columns
                part = 0
                for x in range(left, right):
                    part += sums[x]
                total += part
                largest = max(largest, fabs(<double>part) / ((bottom - top) * (right - left)))
            memset(sums, 0, width * sizeof(int16_t))
    free(sums)
    return <double>total / (height * width), largest, <double>changed / (height * width)


cdef inline void add_columns(const uint8_t* top, Py_ssize_t stride, Py_ssize_t size, int factor,
                             uint16_t* sums) noexcept nogil:
    cdef Py_ssize_t x
    cdef int y = 0
    cdef const uint8_t* row
    cdef const uint8_t* second
    cdef const uint8_t* third
    cdef const uint8_t* fourth
    memset(sums, 0, size * sizeof(uint16_t))
    while y + 4 <= factor:  # four rows at once: a quarter of the loads and stores of the sums
        row = top + y * stride
        second = row + stride
        third = second + stride
        fourth = third + stride
        for x in range(size):
            sums[x] += <uint16_t>(row[x] + second[x] + third[x] + fourth[x])
        y += 4
    while y < factor:
        row = top + y * stride
        for x in range(size):
            sums[x] += row[x]
        y += 1


cdef inline void weigh_blocks(const uint16_t* sums, Py_ssize_t count, int factor, int vectors,
                              const int16_t* weights, uint8_t* target) noexcept nogil:
    cdef Py_ssize_t x
    cdef uint32_t scale = <uint32_t>(factor * factor) << WEIGHT_BITS
    for x in range(count):
        target[x] = <uint8_t>((<uint32_t>dot_eights(sums + x * 3 * factor, weights, vectors) + scale // 2) // scale)


@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
def shrink_gray(const uint8_t[:, :, ::1] bgr not None, int factor, uint8_t[:, ::1] target not None):
    """Write the gray area average of every factor x factor block of a BGR picture into target."""
    cdef Py_ssize_t height = target.shape[0], width = target.shape[1], y
    cdef Py_ssize_t stride = bgr.shape[1] * 3, size = width * factor * 3
    cdef int16_t weights[3 * MAX_FACTOR]  # zeros fill the last vector of 8
    cdef uint16_t* sums = <uint16_t*>calloc(size + 8, sizeof(uint16_t))
    if sums == NULL:
        raise MemoryError()
    memset(weights, 0, sizeof(weights))
    for y in range(factor):
        weights[3 * y] = <int16_t>WEIGHT_BLUE
        weights[3 * y + 1] = <int16_t>WEIGHT_GREEN
        weights[3 * y + 2] = <int16_t>WEIGHT_RED
    with nogil:
        for y in range(height):
            add_columns(&bgr[y * factor, 0, 0], stride, size, factor, sums)
            if factor == 8:      # constants let the compiler unroll the usual factors
                weigh_blocks(sums, width, 8, 3, weights, &target[y, 0])
            elif factor == 4:
                weigh_blocks(sums, width, 4, 2, weights, &target[y, 0])
            elif factor == 2:
                weigh_blocks(sums, width, 2, 1, weights, &target[y, 0])
            else:
                weigh_blocks(sums, width, factor, (3 * factor + 7) // 8, weights, &target[y, 0])
    free(sums)


cdef void find_places(Py_ssize_t source, Py_ssize_t count, int step, int32_t* first, int32_t* second,
                      float* share) noexcept nogil:
    cdef Py_ssize_t i, whole
    cdef double place
    for i in range(count):
        place = (i + 0.5) * source / count - 0.5
        place = min(max(place, 0.0), <double>(source - 1))
        whole = <Py_ssize_t>place
        first[i] = <int32_t>(whole * step)
        second[i] = <int32_t>(min(whole + 1, source - 1) * step)
        share[i] = <float>(place - whole)


cdef void blend_pixels(const float* row, const int32_t* first, const int32_t* second, const float* share,
                       Py_ssize_t done, Py_ssize_t count, float* red, float* green, float* blue) noexcept nogil:
    cdef Py_ssize_t x
    cdef const float* a
    cdef const float* b
    for x in range(done, count):
        a = row + first[x]
        b = row + second[x]
        blue[x] = a[0] + (b[0] - a[0]) * share[x]
        green[x] = a[1] + (b[1] - a[1]) * share[x]
        red[x] = a[2] + (b[2] - a[2]) * share[x]


@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
def fill_planes(const uint8_t[:, :, ::1] bgr not None, tuple region not None, tuple place not None,
                float[:, :, ::1] target not None):
    """Resize a region of a BGR picture into a place of three float planes (red, green, blue; 0 to 1) in one pass."""
    cdef Py_ssize_t left = region[0], top = region[1], wide = region[2], high = region[3]
    cdef Py_ssize_t x = place[0], y = place[1], width = place[2], height = place[3], i
    cdef int32_t* places = <int32_t*>malloc((width + height) * 2 * sizeof(int32_t))
    cdef float* shares = <float*>malloc((width + height + 3 * wide + 4) * sizeof(float))
    cdef float* row = shares + width + height  # and four more: the last pixel is read as one vector
    if places == NULL or shares == NULL:
        free(places)
        free(shares)
        raise MemoryError()
    cdef int32_t* rows = places + 2 * width
    cdef const uint8_t* corner = &bgr[top, left, 0]
    cdef const uint8_t* upper
    cdef const uint8_t* lower
    cdef float* red
    cdef float* green
    cdef float* blue
    cdef Py_ssize_t done
    cdef bint wide_vectors = has_avx2()
    cdef Py_ssize_t stride = bgr.shape[1] * 3
    with nogil:
        find_places(wide, width, 3, places, places + width, shares)
        find_places(high, height, 1, rows, rows + height, shares + width)
        memset(row + 3 * wide, 0, 4 * sizeof(float))
        for i in range(height):
            upper = corner + rows[i] * stride
            lower = corner + rows[height + i] * stride
            red = &target[0, y + i, x]
            green = &target[1, y + i, x]
            blue = &target[2, y + i, x]
            done = 0
            if wide_vectors:
                blend_rows_avx2(upper, lower, shares[width + i], 3 * wide, row)
                done = blend_eights(row, places, places + width, shares, width, red, green, blue)
            else:
                blend_rows_anywhere(upper, lower, shares[width + i], 3 * wide, row)
            blend_pixels(row, places, places + width, shares, done, width, red, green, blue)
    free(places)
    free(shares)


def parse_jpeg_header(const uint8_t[::1] data not None):
    """Return (width, height, components) of a JPEG by walking its markers, without decoding it."""
    cdef Py_ssize_t size = data.shape[0], at = 2, length
    cdef int marker, width = 0, height = 0, components = 0
    if size < 4 or data[0] != 0xFF or data[1] != 0xD8:
        raise ValueError("not a JPEG: no start marker")
    if data[size - 2] != 0xFF or data[size - 1] != 0xD9:
        raise ValueError("truncated JPEG: no end marker")
    while True:
        if at + 4 > size:
            raise ValueError("truncated JPEG header")
        if data[at] != 0xFF:
            raise ValueError("broken JPEG: marker expected")
        marker = data[at + 1]
        if marker == 0xFF:       # a fill byte before the marker
            at += 1
            continue
        if marker == 0x01:       # TEM stands alone
            at += 2
            continue
        if marker < 0xC0 or 0xD0 <= marker <= 0xD9:
            raise ValueError("broken JPEG: unexpected marker")
        length = data[at + 2] << 8 | data[at + 3]
        if length < 2 or at + 2 + length > size:
            raise ValueError("truncated JPEG segment")
        if marker == 0xDA:
            break
        if 0xC0 <= marker <= 0xCF and marker != 0xC4 and marker != 0xC8 and marker != 0xCC:
            if marker > 0xC2:
                raise ValueError("unsupported JPEG coding")
            if components:
                raise ValueError("broken JPEG: two frame headers")
            if length < 11:
                raise ValueError("truncated JPEG frame header")
            height = data[at + 5] << 8 | data[at + 6]
            width = data[at + 7] << 8 | data[at + 8]
            components = data[at + 9]
            if data[at + 4] != 8 or not width or not height or not components or length != 8 + 3 * components:
                raise ValueError("broken JPEG frame header")
        at += 2 + length
    if not components:
        raise ValueError("broken JPEG: scan before frame header")
    return width, height, components


cdef enum:
    LEAST_ROOM = 8192      # bytes a connection starts with, and that a read must be able to take as soon as more came
    USUAL_ROOM = 65536     # bytes, of which a connection may keep twice as many: a picture and its event in one read
    LONGEST_HEADER = 14    # RFC 6455, 5.2
    LONGEST_NUMBER = 15    # digits: exact in JavaScript and far within 64 bits


cdef class FrameReader:
    """Cuts the bytes a browser sends into unmasked WebSocket messages; ValueError(close status, reason) when broken."""

    cdef bytearray store
    cdef object view
    cdef list fragments
    cdef int fragment_opcode
    cdef Py_ssize_t start, end, limit, kept

    def __init__(self, Py_ssize_t limit):
        self.limit = limit
        self.fragments = []
        self.fragment_opcode = 0
        self.start = self.end = self.kept = 0
        self.allocate(LEAST_ROOM)

    cdef allocate(self, Py_ssize_t size):
        cdef bytearray store = bytearray(size)
        cdef Py_ssize_t waiting = self.end - self.start
        if waiting:
            memcpy(PyByteArray_AS_STRING(store), PyByteArray_AS_STRING(self.store) + self.start, waiting)
        self.store = store
        self.view = memoryview(store)
        self.start = 0
        self.end = waiting

    def space(self):
        """Return the memory that the next bytes from the socket go to."""
        cdef char* base = PyByteArray_AS_STRING(self.store)
        cdef Py_ssize_t size = len(self.store), waiting = self.end - self.start
        cdef Py_ssize_t least = min(<Py_ssize_t>LEAST_ROOM, size // 2)
        if not waiting:
            self.start = self.end = 0
            if size > 2 * USUAL_ROOM:
                self.allocate(USUAL_ROOM)
        elif size - waiting < least:
            # Grown by bytes that are here: what a header claims, anybody can claim.
            self.allocate(2 * size)
        elif size - self.end < least:
            memmove(base, base + self.start, waiting)
            self.end = waiting
            self.start = 0
        return self.view[self.end:]

    def filled(self, Py_ssize_t count):
        """Say how many bytes were written to space()."""
        if not 0 <= count <= len(self.store) - self.end:
            raise ValueError("more bytes than there was room for")
        self.end += count

    def next_message(self):
        """Return the next (opcode, payload), or None until more bytes arrive."""
        cdef int first, opcode
        cdef bytes payload
        while True:
            payload = self.next_frame(&first)
            if payload is None:
                return None
            opcode = first & 15
            if opcode >= 8 or (opcode and first & 128):
                return opcode, payload
            if opcode:
                self.fragment_opcode = opcode
            self.kept += len(payload)
            if payload:  # empty fragments cost nothing, however many there are
                self.fragments.append(payload)
            if first & 128:
                opcode = self.fragment_opcode
                payload = b"".join(self.fragments)
                self.fragments = []
                self.fragment_opcode = 0
                self.kept = 0
                return opcode, payload

    cdef bytes next_frame(self, int* first):
        cdef const uint8_t* data = <const uint8_t*>PyByteArray_AS_STRING(self.store) + self.start
        cdef Py_ssize_t waiting = self.end - self.start, header, length
        cdef bytes payload
        if waiting < 2:
            return None
        check_start(data[0], data[1], self.fragment_opcode)
        length = data[1] & 127
        header = 6 if length < 126 else 8 if length == 126 else LONGEST_HEADER
        if waiting < header:
            return None
        if length >= 126:
            length = read_big(data + 2, header - 6)
        if length < 0 or length > self.limit - (0 if data[0] & 8 else self.kept):
            raise ValueError(1009, "message too big")
        if waiting < header + length:
            return None
        payload = PyBytes_FromStringAndSize(NULL, length)
        xor_bytes(data + header, <uint8_t*>PyBytes_AS_STRING(payload), length, data + header - 4, 0)
        first[0] = data[0]
        self.start += header + length
        return payload


cdef int check_start(uint8_t first, uint8_t second, int fragment_opcode) except -1:
    cdef int opcode = first & 15
    if first & 0x70:
        raise ValueError(1002, "reserved bits set")
    if 2 < opcode < 8 or opcode > 10:
        raise ValueError(1002, "unknown opcode")
    if not second & 128:
        raise ValueError(1002, "client frames are masked")
    if opcode >= 8:
        if not first & 128 or second & 127 > 125:
            raise ValueError(1002, "control frames are short and whole")
    elif (opcode == 0) != (fragment_opcode != 0):
        raise ValueError(1002, "fragments out of order")
    return 0


cdef Py_ssize_t read_big(const uint8_t* data, int count) noexcept nogil:
    cdef uint64_t value = 0
    cdef int i
    for i in range(count):
        value = value << 8 | data[i]
    return <Py_ssize_t>value  # a length with its highest bit set turns negative and is refused


cdef int64_t read_number(const uint8_t* data, Py_ssize_t size, Py_ssize_t* at) noexcept nogil:
    cdef int64_t value = 0
    cdef Py_ssize_t begin = at[0]
    while at[0] < size and 48 <= data[at[0]] <= 57 and at[0] - begin <= LONGEST_NUMBER:
        value = 10 * value + data[at[0]] - 48
        at[0] += 1
    if at[0] == begin or at[0] - begin > LONGEST_NUMBER or (data[begin] == 48 and at[0] - begin > 1):
        return -1
    return value


cdef bint take(const uint8_t* data, Py_ssize_t size, Py_ssize_t* at, bytes text):
    cdef Py_ssize_t length = len(text)
    if size - at[0] < length or memcmp(data + at[0], PyBytes_AS_STRING(text), length):
        return False
    at[0] += length
    return True


def parse_lane_event(bytes payload not None, bytes prefix not None, bytes head not None):
    """Return (ack id, first, second) of a Socket.IO event with two whole numbers and one attachment, else None."""
    cdef const uint8_t* data = <const uint8_t*>PyBytes_AS_STRING(payload)
    cdef Py_ssize_t size = len(payload), at = 0
    cdef int64_t ack, first, second
    if not take(data, size, &at, prefix):
        return None
    ack = read_number(data, size, &at)
    if ack < 0 or not take(data, size, &at, head):
        return None
    first = read_number(data, size, &at)
    if first < 0 or not take(data, size, &at, b","):
        return None
    second = read_number(data, size, &at)
    if second < 0 or not take(data, size, &at, b',{"_placeholder":true,"num":0}]') or at != size:
        return None
    return ack, first, second
