"""The real files of other people: every one opens with its stated rows, or fails with a clear error."""

from pathlib import Path

import pytest

import formats

pytestmark = pytest.mark.outside

# rows of each table, counted by reading; the three of ICES are also those GBIF states
ROWS: dict[str, dict[str, int]] = {
    "dwca/dwca-ices_stomach_content_data-v1.0.zip": {
        "event": 44_517, "extendedmeasurementorfact": 500_135, "occurrence": 84_778,
    },
    "dwca/caricoos_sargassum": {"emof": 2_168, "event": 2_168, "occur": 2_168},
    "dwca/checklist_alien_plants_belgium": {
        "description": 3_968, "distribution": 8_154, "speciesprofile": 2_617, "taxon": 2_617,
    },
    "dwca/gbif_dwca_io/archive-occ.zip": {"DarwinCore": 1_534},
    "dwca/gbif_dwca_io/archive-tax.zip": {"DarwinCore": 3_248, "VernacularName": 1_057},
    "dwca/gbif_dwca_io/nullCoreID.zip": {"DarwinCore": 3_248, "VernacularName": 1_057},
    "dwca/gbif_dwca_io/checklist_980.zip": {"taxa": 356, "media": 0, "references": 1, "occurrences": 740},
    "dwca/gbif_dwca_io/6632D8151686A3F8C71D4B5A5B1181A4.zip": {
        "taxa": 10, "occurrences": 47, "description": 17, "distribution": 0, "media": 9, "references": 9,
        "vernaculars": 0,
    },
    "dwca/gbif_dwca_io/Borza.txt": {"Borza": 435},
    "dwca/gbif_dwca_io/csv_optional_quotes_puma.csv": {"csv_optional_quotes_puma": 3_391},
    "dwca/hakai_salmon_data/measurementOrFact.csv": {"measurementOrFact": 16_280},
    "dwca/hakai_seagrass_data": {"hakaiSeagrassDwcEvent": 3_659, "hakaiSeagrassDwcOccurrence": 3_659},
    "dwca/ipt_templates/event_ipt_template_v2_example_data.xlsx": {
        "Sampling Events": 3, "Associated Occurrences": 9, "README": 12,
    },
    "dwca/python_dwca_reader_samples/dwca-2extensions.zip": {
        "taxon": 4, "description": 3, "vernacularname": 4,
    },
    "dwca/python_dwca_reader_samples/dwca-default-metadata-filename.zip": {"occurrence": 2},
    "dwca/python_dwca_reader_samples/dwca-ids.zip": {"taxon": 4, "description": 3, "vernacularname": 4},
    "dwca/python_dwca_reader_samples/dwca-invalid-simple-toomuch.zip": {"0008333-160118175350007": 3},
    "dwca/python_dwca_reader_samples/dwca-invalid-simple-two.zip": {"0008333-160118175350007": 3},
    "dwca/python_dwca_reader_samples/dwca-noheaders-1.zip": {"occurrence": 2},
    "dwca/python_dwca_reader_samples/dwca-noheaders-2.zip": {"occurrence": 2},
    "dwca/python_dwca_reader_samples/dwca-nometadata.zip": {"occurrence": 2},
    "dwca/python_dwca_reader_samples/dwca-orphaned-rows.zip": {
        "taxon": 4, "description": 6, "vernacularname": 5,
    },
    "dwca/python_dwca_reader_samples/dwca-partial-default.zip": {"occurrence": 2},
    "dwca/python_dwca_reader_samples/dwca-simple-csv-dos.zip": {"0008333-160118175350007": 3},
    "dwca/python_dwca_reader_samples/dwca-simple-csv-eml.zip": {"0008333-160118175350007": 3},
    "dwca/python_dwca_reader_samples/dwca-simple-csv-notenclosed.zip": {"0008333-160118175350007": 3},
    "dwca/python_dwca_reader_samples/dwca-simple-csv.zip": {"0008333-160118175350007": 3},
    "dwca/python_dwca_reader_samples/dwca-simple-subdir.zip": {"occurrence": 2},
    "dwca/python_dwca_reader_samples/dwca-simple-test-archive-enclosed.zip": {"occurrence": 2},
    "dwca/python_dwca_reader_samples/dwca-simple-test-archive.tgz": {"occurrence": 2},
    "dwca/python_dwca_reader_samples/dwca-simple-test-archive.zip": {"occurrence": 2},
    "dwca/python_dwca_reader_samples/dwca-star-test-archive.zip": {"taxon": 4, "vernacularname": 4},
    "dwca/python_dwca_reader_samples/dwca-test-default.zip": {"occurrence": 2},
    "dwca/python_dwca_reader_samples/dwca-utf8-eol-test.zip": {"occurrence": 1},
    "dwca/python_dwca_reader_samples/gbif-results-lacks-s-metadata.zip": {"occurrence": 158},
    "dwca/python_dwca_reader_samples/gbif-results-whitespace-in-xml.zip": {"occurrence": 158},
    "dwca/python_dwca_reader_samples/gbif-results.zip": {"occurrence": 158},
    "occurrence/african_bat_database_2024.csv": {"african_bat_database_2024": 17_285},
    "occurrence/mammals_borneo.csv": {"mammals_borneo": 6_262},
    "occurrence/gibbon_veun_sai_2010": {
        "habitat": 2, "region": 1, "covariates": 39, "detections": 123, "posts": 39,
    },
    "nw_vietnam_chetao/GibbonSightings_Survey1.geojson": {"GibbonSightings_Survey1": 67},
    "nw_vietnam_chetao/Threats_Evidence.csv": {"Threats_Evidence": 15},
    "fieldapps/change_detection_alert.geojson": {"change_detection_alert": 1},
    "fieldapps/datasets_bees.gpkg": {
        "apiary": 36, "area": 18, "tracks": 1, "Reviews": 17, "Pollen_Consumption": 13,
    },
    "fieldapps/garmin_sample.gpx": {
        "waypoints": 1, "routes": 1, "tracks": 1, "route_points": 2, "track_points": 3,
        "whole_patrols": 1, "days": 1, "signs": 1,
    },
    "fieldapps/gc_alerts.kml": {"gc_alerts": 2},
    "fieldapps/googleearth_sample.kml": {
        "Placemarks": 3, "Styles and Markup": 1, "Highlighted Icon": 1, "Ground Overlays": 1, "Paths": 6,
        "Google Campus": 4, "Extruded Polygon": 1, "Absolute and Relative": 4,
    },
    "fieldapps/gpx_with_duplicate_names.gpx": {"waypoints": 6},
    "fieldapps/kobotoolbox_submissions.csv": {"kobotoolbox_submissions": 3},
    "fieldapps/kobotoolbox_submissions.xlsx": {"Biocultural monitoring form .-1": 3},
    "fieldapps/kobotoolbox_submissions_multiple_sheets.xlsx": {
        "Biocultural monitoring form .-1": 3, "Biocultural monitoring form ...": 3,
    },
    "fieldapps/locusmap_Favorites.kmz": {"Favorites": 2},
    "fieldapps/locusmap_tracks.gpx": {
        "waypoints": 1, "tracks": 3, "track_points": 24, "whole_patrols": 1, "days": 1, "signs": 1,
    },
    "fieldapps/mapeo_observations.geojson": {"mapeo_observations": 3},
    "fieldapps/my_shapefile_data.zip": {"my_data": 2},
    "fieldapps/odk_submissions.csv": {"odk_submissions": 2},
    "fieldapps/osmand_notes.gpx": {"waypoints": 10},
    "camtrap/camtrapR": {"deployments": 10, "media": 117, "observations": 117, "visits": 10, "animals": 78},
    "camtrap/camtrapdp_official_example": {
        "deployments": 4, "media": 423, "observations": 549, "visits": 4, "animals": 27,
    },
    "camtrap/camtraptor_extdata/mica": {
        "deployments": 4, "media": 283, "observations": 27, "visits": 4, "animals": 14,
    },
    "camtrap/camtraptor_extdata/mica_zenodo_5590881": {"deployments": 595, "visits": 595},
    "camtrap/camtraptor_wi_tests": {
        "deployments": 5, "media": 49, "observations": 49, "visits": 5, "animals": 49,
    },
    "patrol/smart_xml/SMART_000006_001.xml": {
        "observations": 5, "signs": 6, "events": 1, "waypoints": 2, "tracks": 1, "track_points": 7, "days": 1,
        "legs": 1, "patrol": 1,
    },
    "patrol/smart_xml/smart_patrol_sample.xml": {
        "observations": 2, "signs": 1, "events": 1, "waypoints": 2, "days": 1, "legs": 1, "patrol": 1,
    },
    "patrol/smart_cybertracker/cybertracker_sightings_0.json": {
        "sightings": 4, "records": 6, "whole_patrols": 4, "days": 4, "signs": 3,
    },
    "patrol/earthranger_ecoscope/sample_patrol.json": {
        "events": 1, "segments": 1, "patrols": 1, "whole_patrols": 1, "days": 1, "signs": 1,
    },
    "patrol/earthranger_ecoscope/sample_observation.json": {"observations": 1},
    "patrol/earthranger_ecoscope/sample_subject.json": {"subjects": 1},
    "patrol/earthranger_ecoscope/get_patrol_events_bad_geojson.json": {
        "events": 6, "segments": 1, "patrols": 1, "whole_patrols": 1, "days": 2, "signs": 6,
    },
    "patrol/earthranger_ecoscope/get_patrol_events_with_poly_geojson.json": {
        "events": 6, "segments": 1, "patrols": 1, "whole_patrols": 1, "days": 2, "signs": 6,
    },
    "patrol/earthranger_ecoscope/elephant_sighting.csv": {"elephant_sighting": 76},
    "patrol/earthranger_ecoscope/er_relocs.csv.zip": {"er_relocs.csv": 35_769},
    "patrol/earthranger_ecoscope/AOI_sites.gpkg": {"AOI_sites": 3},
    "patrol/earthranger_ecoscope/maec_4zones_UTM36S.gpkg": {"maec_4zones_UTM36S": 4},
    "patrol/other_field_apps/CoMapeo_Springfield Camera Trap Project_Obsvns_2026_07_23.geojson": {
        "CoMapeo_Springfield Camera Trap Project_Obsvns_2026_07_23": 8,
    },
    "patrol/other_field_apps/alert_202309900112345671.geojson": {"alert_202309900112345671": 1},
    "patrol/other_field_apps/alerts_history.csv": {"alerts_history": 8},
    "patrol/other_field_apps/locusmap_tracks.kml": {"My_tracks": 4},
    "patrol/other_field_apps/osm_overpass.kml": {"overpass-turbo.eu export": 15},
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_a_real_file_opens_with_all_its_rows(shared: Path, name: str) -> None:
    with formats.open(shared / "data" / name) as source:
        read = {}
        for table in source.tables:
            read[table.name] = sum(batch.num_rows for batch in table.batches())
            assert table.count() == read[table.name]
            assert not [b for b in table.batches() if b.schema != table.schema][:1]
        assert read == ROWS[name]
        for warning in source.warnings:
            assert warning.vi and warning.en and warning.count >= 1


def test_every_other_file_fails_with_a_clear_error(shared: Path) -> None:
    told = 0
    for folder in ("dwca", "occurrence", "fieldapps", "nw_vietnam_chetao", "camtrap", "patrol"):
        for path in sorted((shared / "data" / folder).rglob("*")):
            if not path.is_file() or path.suffix == ".md":
                continue
            try:
                formats.open(path).close()
            except formats.FormatError as error:
                assert error.code in ("unsupported", "not_a_table", "part_of_shapefile") and error.suggestion
                told += 1
    assert told > 10


def test_the_borneo_rows_have_their_names_and_species(shared: Path) -> None:
    table = formats.open(shared / "data/occurrence/mammals_borneo.csv").tables[0]
    first = table.sample(1).to_pylist()[0]
    assert first["species"] == "Hylobates albibarbis" and first["decimalLatitude"] == "4.9634"
    assert first["_row"] == 2


def test_the_gibbons_are_multipoints_in_vietnam(shared: Path) -> None:
    import shapely

    table = formats.open(shared / "data/nw_vietnam_chetao/GibbonSightings_Survey1.geojson").tables[0]
    shapes = [shapely.from_wkb(w) for b in table.batches() for w in b.column("_wkb").to_pylist()]
    assert {s.geom_type for s in shapes} == {"MultiPoint"}
    assert all(103.5 < s.centroid.x < 104.5 and 21 < s.centroid.y < 22.5 for s in shapes)


def test_the_gibbon_posts_in_utm_land_in_cambodia(shared: Path) -> None:
    import shapely

    table = formats.open(shared / "data/occurrence/gibbon_veun_sai_2010/region.shp").tables[0]
    (wkb,) = next(table.batches()).column("_wkb").to_pylist()
    centre = shapely.from_wkb(wkb).centroid
    assert 106 < centre.x < 108 and 13 < centre.y < 15


def test_orphaned_rows_and_event_cores_keep_their_pointers(shared: Path) -> None:
    samples = shared / "data/dwca/python_dwca_reader_samples"
    with formats.open(samples / "dwca-orphaned-rows.zip") as source:
        core, description = source.tables[:2]
        known = set(core.sample(99).column(core.id_column).to_pylist())
        pointed = set(description.sample(99).column(description.core_id_column).to_pylist())
        assert pointed - known
    with formats.open(shared / "data/dwca/dwca-ices_stomach_content_data-v1.0.zip") as source:
        assert [t.row_type_name for t in source.tables] == [
            "Event",
            "ExtendedMeasurementOrFact",
            "Occurrence",
        ]
        assert "creativecommons" in source.metadata["licence_url"] and source.metadata["creators"]


@pytest.mark.parametrize("name", ["sample.xml", "sample2.xml", "sample3.xml"])
def test_real_metadata_documents_are_read(shared: Path, name: str) -> None:
    meta = formats.read_eml(shared / "data/dwca/gbif_dwca_io" / name)
    assert meta["title"] and meta["creators"]
